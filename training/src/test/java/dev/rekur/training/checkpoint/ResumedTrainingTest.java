package dev.rekur.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.FitOption;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.BackupAndRestore;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.CsvLogger;
import dev.rekur.training.callback.EarlyStopping;
import dev.rekur.training.callback.LearningRateScheduler;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.ReduceLrOnPlateau;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.data.RowOrder;
import dev.rekur.training.optimizer.Adam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that was killed goes on where its backup was taken, in the midst of an epoch too, and ends with the same bits. */
class ResumedTrainingTest {
    private static final int ROWS = 22;
    private static final int BATCH_SIZE = 5;
    private static final int BATCHES = 5; // the last one has two rows
    private static final int EPOCHS = 3;

    private static final Model MODEL = model();
    private static final Dataset DATA = data(ROWS);

    @TempDir
    private Path folder;

    private static Model model() {
        GraphScript script = new GraphScript(7);
        Value x = script.call(new Dense(4, Activation.TANH, true), script.input(ValueKind.FLOAT, 3));
        return script.model(script.call(new Dense(2, Activation.SIGMOID, true), x));
    }

    private static ArrayDataset data(int rows) {
        float[] x = new float[rows * 3];
        float[] y = new float[rows * 2];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(i * 1.7);
        }
        for (int i = 0; i < y.length; i++) {
            y[i] = i * i % 3 == 0 ? 0 : 1;
        }
        return Dataset.of(FloatTensor.wrap(Shape.of(rows, 3), x), FloatTensor.wrap(Shape.of(rows, 2), y));
    }

    /** Says no more: it stands for a machine that goes down. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Killer implements Callback {
        private int left;

        Killer(int batches) {
            left = batches;
        }

        @Override
        public void batchEnd(TrainingRun run, int batch, Logs logs) {
            left--;
            if (left == 0) {
                throw new Killed();
            }
        }
    }

    private Trainer trainer(String csv) {
        return Trainer.of(MODEL)
                .optimizer(Adam.with().learningRate(0.05))
                .loss("binary_crossentropy")
                .metrics(
                        "mae",
                        "accuracy",
                        "auc",
                        "r2_score",
                        "f1_score",
                        "precision",
                        "root_mean_squared_error",
                        "cosine_similarity")
                .callback(LearningRateScheduler.of((epoch, rate) -> rate * 0.9))
                .callback(ReduceLrOnPlateau.on("loss").patience(1))
                .callback(EarlyStopping.on("val_loss").patience(9).restoreBestWeights())
                .callback(CsvLogger.to(folder.resolve(csv)));
    }

    private static Training fit(Trainer trainer) {
        return trainer.fit(DATA, data(7), FitOption.epochs(EPOCHS), FitOption.batchSize(BATCH_SIZE));
    }

    private void assertSame(Training got, Training want) throws IOException {
        assertThat(got.history().toJson()).isEqualTo(want.history().toJson());
        MODEL.graph().layers().forEach(layer -> assertThat(got.model().weights().of(layer))
                .isEqualTo(want.model().weights().of(layer)));
        assertThat(got.model().compileConfiguration().map(CompileConfiguration::optimizerVariables))
                .isEqualTo(want.model().compileConfiguration().map(CompileConfiguration::optimizerVariables));
        assertThat(folder.resolve("b.csv")).hasSameBinaryContentAs(folder.resolve("a.csv"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void aTrainingKilledAfterAnyBatchEndsWithTheSameBitsAndHistory(int batchesBetweenBackups) throws IOException {
        Training whole = fit(trainer("a.csv"));
        for (int killedAfter = 1; killedAfter <= EPOCHS * BATCHES; killedAfter++) {
            Path kept = folder.resolve("kept-" + killedAfter);
            Killer killer = new Killer(killedAfter);
            assertThatThrownBy(() -> fit(trainer("b.csv")
                            .callback(BackupAndRestore.in(kept).saveEveryBatches(batchesBetweenBackups))
                            .callback(killer)))
                    .isInstanceOf(Killed.class);
            List<Integer> steps = new ArrayList<>();
            Training resumed = fit(trainer("b.csv")
                    .callback(BackupAndRestore.in(kept).saveEveryBatches(batchesBetweenBackups))
                    .callback(new Killer(-1))
                    .onBatch((epoch, batch, logs) -> steps.add(epoch * BATCHES + batch)));
            assertSame(resumed, whole);
            int keptBatches = (killedAfter - 1) / batchesBetweenBackups * batchesBetweenBackups;
            assertThat(steps).as("batches trained on again").hasSize(EPOCHS * BATCHES - keptBatches);
        }
    }

    @Test
    void aTrainingThatIsStoppedInMidEpochClosesTheEpochWhenItGoesOn() throws IOException {
        Callback stop = new Callback() {
            @Override
            public void batchEnd(TrainingRun run, int batch, Logs logs) {
                if (batch == 2) {
                    run.stop();
                }
            }
        };
        Training whole = fit(trainer("a.csv").callback(stop));
        Callback dies = new Callback() {
            @Override
            public void epochEnd(TrainingRun run, int epoch, Logs logs) {
                throw new Killed();
            }
        };
        Path kept = folder.resolve("kept");
        assertThatThrownBy(() -> fit(trainer("b.csv")
                        .callback(stop)
                        .callback(BackupAndRestore.in(kept).saveEveryBatches(1))
                        .callback(dies)))
                .isInstanceOf(Killed.class);
        Training resumed = fit(trainer("b.csv")
                .callback(stop)
                .callback(BackupAndRestore.in(kept).saveEveryBatches(1))
                .callback(new Callback() {}));
        assertSame(resumed, whole);
        assertThat(resumed.history().epochs()).containsExactly(0);
    }

    @Test
    void otherBatchesThanTheEpochWasBegunWithAreRefused() {
        Path kept = folder.resolve("kept");
        assertThatThrownBy(() -> fit(trainer("b.csv")
                        .callback(BackupAndRestore.in(kept).saveEveryBatches(1))
                        .callback(new Killer(3))))
                .isInstanceOf(Killed.class);
        Trainer again = trainer("b.csv")
                .callback(BackupAndRestore.in(kept).saveEveryBatches(1))
                .callback(new Killer(-1));
        assertThatThrownBy(() -> again.fit(DATA, data(7), FitOption.epochs(EPOCHS), FitOption.batchSize(4)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("in batches of 5 rows; now they have 4");
        Batch row = data(1).batches(1, RowOrder.AS_GIVEN).next();
        assertThatThrownBy(() -> again.fit(
                        Dataset.of(() -> List.of(row).iterator()),
                        data(7),
                        FitOption.epochs(EPOCHS),
                        FitOption.batchSize(BATCH_SIZE)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("epoch 1 was interrupted after batch 2, now the data has no more than 1");
    }

    @Test
    void whateverABackupHoldsNothingButATypedErrorComesOfIt() throws IOException {
        Path kept = folder.resolve("kept");
        assertThatThrownBy(() -> fit(trainer("b.csv")
                        .callback(BackupAndRestore.in(kept).saveEveryBatches(1))
                        .callback(new Killer(3))))
                .isInstanceOf(Killed.class);
        Path file = kept.resolve(Checkpoint.FILE);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int i = 0; i < 1500; i++) {
            byte[] hostile = whole.clone();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                hostile[random.nextInt(Long.BYTES, hostile.length - Long.BYTES)] = (byte) random.nextInt();
            }
            CRC32 checksum = new CRC32();
            checksum.update(hostile, 0, hostile.length - Long.BYTES);
            ByteBuffer.wrap(hostile).putLong(hostile.length - Long.BYTES, checksum.getValue());
            Files.createDirectories(kept);
            Files.write(file, hostile);
            assertThatCode(() -> {
                        try {
                            fit(trainer("b.csv")
                                    .callback(BackupAndRestore.in(kept))
                                    .callback(new Callback() {}));
                        } catch (InvalidInputException refused) {
                            assertThat(refused).hasMessageNotContaining("null");
                        }
                    })
                    .as("random file " + i)
                    .doesNotThrowAnyException();
        }
    }

    /** A source that counts what was closed. */
    private static final class Counted implements Dataset {
        private int opened;
        private int closed;

        @Override
        public Iterator<Batch> batches(int batchSize, RowOrder order) {
            opened++;
            Iterator<Batch> rows = DATA.batches(batchSize, order);
            class Source implements Iterator<Batch>, AutoCloseable {
                @Override
                public boolean hasNext() {
                    return rows.hasNext();
                }

                @Override
                public Batch next() {
                    return rows.next();
                }

                @Override
                public void close() {
                    closed++;
                }
            }
            return new Source();
        }

        @Override
        public int batchCount(int batchSize) {
            return 0;
        }
    }

    @Test
    void sourcesOfBatchesAreClosedAlsoWhenATrainingFailsOrStops() {
        Counted training = new Counted();
        Counted validation = new Counted();
        trainer("a.csv").fit(training, validation, FitOption.epochs(2));
        assertThat(List.of(training.opened, training.closed, validation.opened, validation.closed))
                .containsOnly(2);

        assertThatThrownBy(() -> trainer("a.csv").callback(new Killer(1)).fit(training, validation))
                .isInstanceOf(Killed.class);
        assertThat(training.closed).as("after a failure").isEqualTo(3);

        trainer("a.csv").evaluate(validation);
        assertThat(validation.closed).as("after an evaluation").isEqualTo(3);
    }

    @Test
    void onlyTheFilesOfTheBackupAreRemovedAtTheEnd() throws IOException {
        Path models = Files.createDirectory(folder.resolve("models"));
        Files.writeString(models.resolve("precious.keras"), "years of work");
        Path below = Files.createDirectories(models.resolve("older"));
        fit(trainer("a.csv").callback(BackupAndRestore.in(models)));
        assertThat(models.resolve("precious.keras")).hasContent("years of work");
        assertThat(below).isDirectory();
        assertThat(models.resolve(Checkpoint.FILE)).doesNotExist();

        Path own = folder.resolve("own");
        fit(trainer("a.csv").callback(BackupAndRestore.in(own)));
        assertThat(own).doesNotExist();
    }
}
