package dev.rekur.cli;

import static dev.rekur.training.FitOption.batchSize;
import static dev.rekur.training.FitOption.epochs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.charts.TrainingCharts;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.TextTensor;
import dev.rekur.training.Trainer;
import dev.rekur.training.Training;
import dev.rekur.training.callback.EarlyStopping;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.ModelCheckpoint;
import dev.rekur.training.callback.ReduceLrOnPlateau;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.optimizer.Adam;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lesson's deep model trains on real texts with the lesson's settings: in Java and from the command line, with the same
 * result. Here it has a few epochs with a part of the texts; {@code -Drekur.lesson=true} gives it the lesson's 50 epochs with all
 * of them, and draws docs/images/training.png.
 */
class DeepLessonTest {
    private static final boolean WHOLE = Boolean.getBoolean("rekur.lesson");
    private static final int EPOCHS = WHOLE ? 50 : 3;
    private static final int ROWS = WHOLE ? Integer.MAX_VALUE : 600;
    private static final List<String> SECTIONS = List.of("games", "graphics", "net", "science", "sound");

    private static final Path EXAMPLE = CommandLineRun.folder().resolveSibling("example");
    private static final Path MODEL = EXAMPLE.resolve("lesson-deep.keras");

    @TempDir
    private Path folder;

    @Test
    void trainsInJavaAndFromTheCommandLineAlike() throws IOException {
        List<List<String>> records = records();
        Training training = inJava(records);
        assertThat(Collections.max(training.history().values("val_accuracy"))).isGreaterThan(0.6);
        if (!WHOLE) {
            assertThat(training.findings()).as("nothing is wrong").isEmpty();
        }

        assertThat(fromTheCommandLine(records).exit()).isZero();
        assertThat(folder.resolve("history.json")).hasContent(training.history().toJson());
        assertThat(weights(Rekur.load(folder.resolve("tuned.keras")))).isEqualTo(weights(training.model()));
        assertThat(weights(Rekur.load(folder.resolve("best_model.keras"))))
                .isEqualTo(weights(Rekur.load(folder.resolve("java_best.keras"))));
        assertThat(folder.resolve("curves.png")).isNotEmptyFile();

        theBestModelScoresAsItDid(training, records);
        if (WHOLE) {
            TrainingCharts.of(training.history())
                    .write(EXAMPLE.resolve("../../docs/images/training.png").normalize());
        }
    }

    private Training inJava(List<List<String>> records) {
        List<ArrayDataset> parts = data(records).split(0.2);
        return Trainer.of(Rekur.load(MODEL))
                .optimizer(Adam.with().learningRate(1e-3).clipNorm(1.0))
                .loss("sparse_categorical_crossentropy")
                .metrics("accuracy")
                .callback(EarlyStopping.on("val_loss").patience(10).restoreBestWeights())
                .callback(
                        ReduceLrOnPlateau.on("val_loss").factor(0.5).patience(5).minLr(1e-6))
                .callback(ModelCheckpoint.to(folder.resolve("java_best.keras").toString())
                        .monitor("val_accuracy")
                        .saveBestOnly())
                .fit(parts.get(0), parts.get(1), epochs(EPOCHS), batchSize(64));
    }

    private CommandLineRun fromTheCommandLine(List<List<String>> records) throws IOException {
        Path csv = folder.resolve("texts.csv");
        StringBuilder lines = new StringBuilder("text,section\n");
        for (List<String> record : records) {
            lines.append('"').append(record.get(0).replace("\"", "\"\"")).append("\",");
            lines.append(SECTIONS.indexOf(record.get(1))).append('\n');
        }
        Files.writeString(csv, lines);
        return CommandLineRun.of(
                "train",
                MODEL.toString(),
                "--data",
                csv.toString(),
                "--columns",
                "label=section",
                "--validation-split",
                "0.2",
                "--epochs",
                Integer.toString(EPOCHS),
                "--batch-size",
                "64",
                "--early-stopping",
                "monitor=val_loss,patience=10,restore_best_weights=true",
                "--reduce-lr",
                "monitor=val_loss,factor=0.5,patience=5,min_lr=1e-6",
                "--checkpoint",
                folder.resolve("best_model.keras").toString(),
                "--checkpoint-options",
                "monitor=val_accuracy,save_best_only=true",
                "--output",
                folder.resolve("tuned.keras").toString(),
                "--history",
                folder.resolve("history.json").toString(),
                "--plot",
                folder.resolve("curves.png").toString(),
                "--threads",
                "2");
    }

    private static List<FloatTensor> weights(Model model) {
        return model.graph().layers().stream()
                .flatMap(layer -> model.weights().of(layer).stream())
                .toList();
    }

    private void theBestModelScoresAsItDid(Training training, List<List<String>> records) {
        List<Double> accuracies = training.history().values("val_accuracy");
        int best = accuracies.indexOf(Collections.max(accuracies));
        Logs scores = Trainer.of(Rekur.load(folder.resolve("best_model.keras")))
                .evaluate(data(records).split(0.2).get(1), batchSize(64));
        assertThat(scores.value("accuracy")).isEqualTo(accuracies.get(best));
        assertThat(scores.value("loss"))
                .isEqualTo(training.history().values("val_loss").get(best));
    }

    private static ArrayDataset data(List<List<String>> records) {
        return Dataset.of(
                TextTensor.wrap(
                        Shape.of(records.size(), 1),
                        records.stream().map(record -> record.get(0)).toArray(String[]::new)),
                IntTensor.wrap(
                        Shape.of(records.size()),
                        records.stream()
                                .mapToInt(record -> SECTIONS.indexOf(record.get(1)))
                                .toArray()));
    }

    /** Texts to train on, with their sections. */
    private static List<List<String>> records() throws IOException {
        List<List<String>> kept = new ArrayList<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(EXAMPLE.resolve("sections.csv.gz")))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (List<String> record : CsvReader.read("sections.csv.gz", text)) {
                if (record.get(2).equals("train") && kept.size() < ROWS) {
                    kept.add(record.subList(0, 2));
                }
            }
        }
        return kept;
    }
}
