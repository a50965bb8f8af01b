package dev.rekur.training.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What vectors of Keras do not show. */
class CallbackTest {
    private final ScriptedRun run = new ScriptedRun(0.01);

    @TempDir
    Path folder;

    private void epoch(Callback callback, int epoch, Logs logs) {
        run.epoch = epoch;
        callback.epochBegin(run, epoch);
        callback.epochEnd(run, epoch, logs);
    }

    private static Logs loss(double value) {
        return new Logs().put("loss", value);
    }

    @Test
    void theBestWeightsSurviveAnInterruption() {
        EarlyStopping before = EarlyStopping.on("loss").restoreBestWeights();
        before.trainBegin(run);
        epoch(before, 0, loss(2));
        epoch(before, 1, loss(1));
        epoch(before, 2, loss(3));
        EarlyStopping after = EarlyStopping.on("loss").restoreBestWeights();
        after.trainBegin(run);
        after.restoreState(before.state());
        after.trainEnd(run, loss(3));
        assertThat(run.events).containsExactly("restore 1");
        assertThat(after.bestEpoch()).isEqualTo(1);
        assertThat(after.stoppedEpoch()).isEqualTo(2);
    }

    @Test
    void aCallbackUsedAgainStartsAfresh() {
        EarlyStopping callback = EarlyStopping.on("loss").patience(1);
        callback.trainBegin(run);
        epoch(callback, 0, loss(1));
        epoch(callback, 1, loss(2));
        assertThat(run.isStopping()).isTrue();
        ScriptedRun second = new ScriptedRun(0.01);
        callback.trainBegin(second);
        callback.epochEnd(second, 0, loss(9));
        callback.epochEnd(second, 1, loss(8));
        assertThat(second.isStopping()).isFalse();
    }

    @Test
    void aMonitorThatIsMissingInAnEpochIsPassedOver() {
        EarlyStopping callback = EarlyStopping.on("val_loss");
        callback.trainBegin(run);
        epoch(callback, 0, new Logs().put("val_loss", 1));
        epoch(callback, 1, loss(1));
        assertThat(run.isStopping()).isFalse();
    }

    @Test
    void theRateThatIsLoggedIsTheOneTheEpochWasTrainedWith() {
        ReduceLrOnPlateau callback = ReduceLrOnPlateau.on("loss").patience(1);
        callback.trainBegin(run);
        epoch(callback, 0, loss(1));
        Logs logs = loss(1);
        epoch(callback, 1, logs);
        assertThat(logs.value("learning_rate")).isEqualTo((float) 0.01);
        assertThat(run.learningRate()).isEqualTo((float) ((float) 0.01 * 0.1));
    }

    @Test
    void checkpointsMakeTheirFolder() {
        ModelCheckpoint callback =
                ModelCheckpoint.to(folder.resolve("a/b{epoch}/m.keras").toString());
        epoch(callback, 4, loss(1));
        assertThat(run.events)
                .containsExactly("save " + folder.resolve("a").resolve("b5").resolve("m.keras"));
        assertThat(folder.resolve("a").resolve("b5")).isDirectory();
    }

    @Test
    void theBestIsKnownByBatchesInTheFirstEpochToo() {
        ModelCheckpoint callback =
                ModelCheckpoint.to("m.keras").monitor("loss").saveBestOnly().saveEveryBatches(1);
        callback.trainBegin(run);
        callback.epochBegin(run, 0);
        callback.batchEnd(run, 0, loss(2));
        callback.batchEnd(run, 1, loss(3));
        callback.batchEnd(run, 2, loss(1));
        assertThat(run.events).hasSize(2);
    }

    @Test
    void linesWrittenAfterTheBackupAreTakenBack() throws IOException {
        Path file = folder.resolve("log.csv");
        CsvLogger before = CsvLogger.to(file);
        before.trainBegin(run);
        epoch(before, 0, loss(2));
        Map<String, Object> kept = before.state();
        epoch(before, 1, loss(1));
        CsvLogger after = CsvLogger.to(file);
        after.trainBegin(run);
        after.restoreState(kept);
        epoch(after, 1, loss(1.5));
        assertThat(Files.readString(file)).isEqualTo("epoch,loss,val_loss\r\n0,2.0,NA\r\n1,1.5,NA\r\n");
    }

    @Test
    void aLossThatIsNotFiniteEndsTheTrainingWithAnErrorIfAsked() {
        TerminateOnNaN callback = TerminateOnNaN.create().raiseError();
        callback.batchEnd(run, 0, loss(1));
        assertThatThrownBy(() -> callback.batchEnd(run, 3, loss(Double.NaN)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("batch 3", "nan", "learning rate");
        assertThat(run.isStopping()).isFalse();
    }

    @Test
    void theBackupIsRemovedWhenTheTrainingIsDone() {
        BackupAndRestore.in(folder).keepCheckpoint().trainEnd(run, new Logs());
        assertThat(run.forgotten).isEmpty();
        BackupAndRestore.in(folder).trainEnd(run, new Logs());
        assertThat(run.forgotten).containsExactly(folder);
    }

    @Test
    void filesThatCannotBeWrittenAreToldOfWithTheirPlaceAndWhatToDo() throws IOException {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file where a folder should be");
        ModelCheckpoint checkpoint =
                ModelCheckpoint.to(blocked.resolve("model.keras").toString());
        assertThatThrownBy(() -> checkpoint.epochEnd(run, 0, loss(1)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("ModelCheckpoint: ", blocked.toString(), "cannot be written", "docs/");
        CsvLogger logger = CsvLogger.to(blocked.resolve("log.csv"));
        assertThatThrownBy(() -> logger.epochBegin(run, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("CSVLogger: ", blocked.toString(), "cannot be written", "docs/");
        assertThatThrownBy(() -> logger.epochEnd(run, 0, loss(1))).isInstanceOf(InvalidInputException.class);
    }

    /** Keras's has no {@code on_train_begin}: a better model that is there is not replaced by a worse one. */
    @Test
    void aCheckpointUsedForASecondTrainingGoesOnWithTheBestOfTheFirst() {
        ModelCheckpoint checkpoint = ModelCheckpoint.to(
                        folder.resolve("best.keras").toString())
                .monitor("loss")
                .saveBestOnly();
        for (double value : new double[] {0.5, 0.7, 0.4}) {
            checkpoint.trainBegin(run);
            checkpoint.epochBegin(run, 0);
            checkpoint.epochEnd(run, 0, loss(value));
        }
        assertThat(run.events).hasSize(2);
    }

    @Test
    void aLoggerUsedForASecondTrainingWritesItsOwnLines() throws IOException {
        Path file = folder.resolve("log.csv");
        CsvLogger logger = CsvLogger.to(file);
        logger.restoreState(Map.of("columns", List.of("loss"), "header_needed", 0, "header_written", 1, "length", 0));
        logger.trainBegin(run);
        logger.epochBegin(run, 0);
        logger.epochEnd(run, 0, loss(0.5));
        assertThat(file).hasContent("epoch,loss,val_loss\r\n0,0.5,NA\r\n");
    }

    @Test
    void backupsOfASecondTrainingAreCountedFromItsBeginning() {
        BackupAndRestore backup = BackupAndRestore.in(folder).saveEveryBatches(3);
        backup.batchEnd(run, 0, loss(1));
        backup.batchEnd(run, 1, loss(1));
        backup.trainBegin(run);
        backup.batchEnd(run, 0, loss(1));
        assertThat(run.events).isEmpty();
    }

    @Test
    void backupsAreMadeAfterAllOtherCallbacks() {
        CallbackList callbacks = CallbackList.of(List.of(BackupAndRestore.in(folder), noting("other")));
        callbacks.trainBegin(run);
        callbacks.epochEnd(run, 0, loss(1));
        assertThat(run.events).containsExactly("begin other", "end other", "backup");
    }

    private Callback noting(String name) {
        return LambdaCallback.create()
                .onTrainBegin(training -> run.events.add("begin " + name))
                .onEpochEnd((training, epoch, logs) -> run.events.add("end " + name));
    }

    @Test
    void functionsAreCalledWhenTheyShould() {
        List<String> calls = new ArrayList<>();
        CallbackList callback = CallbackList.of(List.of(LambdaCallback.create()
                .onTrainBegin(training -> calls.add("train"))
                .onEpochBegin((training, epoch) -> calls.add("epoch " + epoch))
                .onBatchBegin((training, batch) -> calls.add("batch " + batch))
                .onBatchEnd((training, batch, logs) -> calls.add("after batch " + batch + " " + logs))
                .onEpochEnd((training, epoch, logs) -> calls.add("after epoch " + epoch + " " + logs))
                .onTrainEnd((training, logs) -> calls.add("after train " + logs))));
        callback.trainBegin(run);
        callback.epochBegin(run, 2);
        callback.batchBegin(run, 5);
        callback.batchEnd(run, 5, loss(0.5));
        callback.epochEnd(run, 2, loss(0.25));
        callback.trainEnd(run, loss(0.25));
        assertThat(calls)
                .containsExactly(
                        "train",
                        "epoch 2",
                        "batch 5",
                        "after batch 5 {'loss': 0.5}",
                        "after epoch 2 {'loss': 0.25}",
                        "after train {'loss': 0.25}");
    }

    @Test
    void logsKeepTheirOrderAndAllocateNothingForNamesTheyHave() {
        Logs logs = Logs.sorted(Map.of("val_loss", 3.0, "accuracy", 1.0, "zebra", 4.0, "loss", 2.0));
        logs.put("learning_rate", 5).put("loss", 7);
        assertThat(logs.names()).containsExactly("accuracy", "loss", "val_loss", "zebra", "learning_rate");
        assertThat(logs.value("loss")).isEqualTo(7);
        Logs copy = logs.copy();
        logs.clear();
        assertThat(logs.size()).isZero();
        assertThat(copy.value(4)).isEqualTo(5);
        assertThatThrownBy(() -> copy.value("mae"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("accuracy, loss");
        assertThatThrownBy(() -> logs.name(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
