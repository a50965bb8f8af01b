package dev.rekur.training.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said before a training starts, with what there is instead. */
class SettingsTest {
    private static final Set<String> LOGS = Set.of("loss", "val_loss", "accuracy", "val_accuracy");

    @TempDir
    Path folder;

    private static void refused(ThrowingCallable action, String... words) {
        assertThatThrownBy(action).isInstanceOf(InvalidInputException.class).hasMessageContainingAll(words);
    }

    private static EarlyStopping stopping(String key, String value) {
        return EarlyStopping.fromSettings(Map.of(key, value), message -> {});
    }

    @Test
    void anUnknownSettingIsNamedWithThoseThereAre() {
        refused(
                () -> stopping("patiance", "5"),
                "EarlyStopping",
                "'patiance'",
                "baseline, min_delta, mode, monitor, patience, restore_best_weights, start_from_epoch, verbose");
        refused(() -> ReduceLrOnPlateau.fromSettings(Map.of("facter", "1"), m -> {}), "cooldown, factor", "min_lr");
        refused(() -> ModelCheckpoint.fromSettings("a.h5", Map.of("x", "1"), m -> {}), "save_best_only", "save_freq");
        refused(() -> CsvLogger.fromSettings(folder, Map.of("x", "1")), "append, separator");
        refused(() -> BackupAndRestore.fromSettings(Map.of("backup_dir", "b", "x", "1")), "save_freq");
    }

    @Test
    void aValueOfTheWrongKindIsNamed() {
        refused(() -> stopping("patience", "five"), "'patience'", "a whole number", "'five'");
        refused(() -> stopping("min_delta", "x"), "'min_delta'", "a number", "'x'");
        refused(() -> stopping("restore_best_weights", "yes"), "'restore_best_weights'", "true or false", "'yes'");
        refused(() -> stopping("mode", "up"), "auto, min or max", "'up'");
        refused(() -> ReduceLrOnPlateau.create().factor(1), "factor below 1", "1.0");
        refused(() -> ModelCheckpoint.fromSettings("a.h5", Map.of("save_freq", "0"), m -> {}), "at least 1 batch");
        refused(
                () -> ModelCheckpoint.fromSettings("a.h5", Map.of("save_freq", "often"), m -> {}),
                "save_freq",
                "often");
        refused(() -> CsvLogger.fromSettings(folder, Map.of("separator", "; ")), "one character");
        refused(() -> BackupAndRestore.fromSettings(Map.of()), "empty path");
    }

    @Test
    void aMonitorThatDoesNotExistIsNamedWithThoseThatDo() {
        refused(
                () -> EarlyStopping.on("val_acc").check(LOGS),
                "EarlyStopping",
                "'val_acc'",
                "accuracy, loss, val_accuracy, val_loss",
                "validation data");
        refused(() -> ReduceLrOnPlateau.on("f1").check(LOGS), "ReduceLROnPlateau", "'f1'", "learning_rate");
        refused(() -> ModelCheckpoint.to("a.keras").monitor("x").saveBestOnly().check(LOGS), "ModelCheckpoint", "'x'");
        ReduceLrOnPlateau.on("learning_rate").mode(MonitorMode.MIN).check(LOGS);
        ModelCheckpoint.to(folder.resolve("a.keras").toString()).monitor("x").check(LOGS);
    }

    @Test
    void aDirectionThatNobodyKnowsIsAsked() {
        EarlyStopping callback = EarlyStopping.on("my_metric");
        refused(() -> callback.trainBegin(new ScriptedRun(0.1)), "'my_metric'", "mode to min or max");
        callback.mode(MonitorMode.MAX).trainBegin(new ScriptedRun(0.1));
    }

    @Test
    void aCallbackMayNeedWhatOneBeforeItAdds() {
        ModelCheckpoint named =
                ModelCheckpoint.to(folder.resolve("{learning_rate:.1e}.keras").toString());
        CallbackList.of(List.of(ReduceLrOnPlateau.create(), named)).check(LOGS);
        refused(
                () -> CallbackList.of(List.of(named, ReduceLrOnPlateau.create()))
                        .check(LOGS),
                "'learning_rate'");
    }

    @Test
    void fileNamesAreCheckedBeforeTheTrainingStarts() {
        refused(() -> ModelCheckpoint.to("model.h6").check(LOGS), ".keras or .h5", "'model.h6'");
        refused(() -> ModelCheckpoint.to("m.keras").saveWeightsOnly().check(LOGS), ".weights.h5");
        refused(() -> ModelCheckpoint.to("{val_f1}.keras").check(LOGS), "'val_f1'", "epoch, loss");
        refused(() -> ModelCheckpoint.to("{batch}.keras").check(LOGS), "'batch'");
        refused(() -> ModelCheckpoint.to("{val_loss}.keras").saveEveryBatches(5).check(LOGS), "'val_loss'", "batch");
        refused(() -> ModelCheckpoint.to("{loss:d}.keras").check(LOGS), "'loss'", "whole numbers");
        refused(() -> ModelCheckpoint.to("{epoch:,}.keras"), "format ','", "width");
        for (String broken :
                List.of("{epoch.keras", "epoch}.keras", "{}.keras", "{0}.keras", "{epoch!r}.keras", "{a.b}.h5")) {
            refused(() -> ModelCheckpoint.to(broken), "is not a field");
        }
    }

    @Test
    void targetsThatCannotBeWrittenAreFoundBeforeTheTrainingStarts() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path inFile = file.resolve("in").resolve("a.keras");
        refused(() -> ModelCheckpoint.to(inFile.toString()).check(LOGS), "expected a directory", file.toString());
        refused(() -> CsvLogger.to(folder).check(LOGS), "expected a file", folder.toString());
        refused(() -> BackupAndRestore.in(file).check(LOGS), "expected a directory");
        Files.createDirectory(folder.resolve("x.keras"));
        refused(() -> ModelCheckpoint.to(folder.resolve("x.keras").toString()).check(LOGS), "the directory");
        CsvLogger.to(folder.resolve("new").resolve("a.csv")).check(LOGS);
    }

    @Test
    void aStateOfAnotherTrainingIsRefused() {
        refused(() -> EarlyStopping.create().restoreState(Map.of("wait", "x")), "EarlyStopping", "'wait' is x");
        CallbackList one = CallbackList.of(List.of(EarlyStopping.create()));
        refused(() -> CallbackList.of(List.of()).restoreState(one.state()), "1 callbacks, there are 0");
        assertThat(one.state()).containsOnlyKeys("callbacks");
    }
}
