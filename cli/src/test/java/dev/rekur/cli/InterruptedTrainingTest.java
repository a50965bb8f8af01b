package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.training.Trainer;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.data.ArrayDataset;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a training that does not come to its end, and what is refused before it begins. */
class InterruptedTrainingTest {
    private static final Path CASE =
            CommandLineRun.folder().resolveSibling("training").resolve("fit_two_outputs");
    private static final String MODEL = CASE.resolve("model.keras").toString();
    private static final String DATA = CASE.resolve("data.npz").toString();

    @TempDir
    private Path folder;

    /** What came of a training that was told to end in its third epoch. */
    private record Ended(int exit, String said) {}

    private Ended interrupted(String model, Path output, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.rekur.cli.Main",
                "train",
                model,
                "--data",
                DATA,
                "--output",
                output.toString(),
                "--epochs",
                "1000000"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (BufferedReader lines = process.inputReader()) {
            for (int line = 0; line < 5; line++) { // two epochs, and the third begins
                assertThat(lines.readLine()).isNotNull();
            }
            process.toHandle().destroy();
            assertThat(lines.lines().count()).isNotNegative(); // to the end of the output
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(folder.resolve("err"), StandardCharsets.UTF_8));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process is ended at once")
    void whatThereIsIsWrittenBesideTheOutputWhenTheProcessIsToldToEnd() throws IOException, InterruptedException {
        Path output = Files.writeString(folder.resolve("tuned.keras"), "the old one");
        Path history = folder.resolve("new/h.json");
        Ended ended = interrupted(MODEL, output, "--history", history.toString());

        assertThat(ended.exit()).as(ended.said()).isEqualTo(130);
        assertThat(ended.said())
                .contains("interrupted in epoch", "tuned.interrupted.keras")
                .doesNotContain("\tat ");
        assertThat(output).hasContent("the old one");
        Model kept = Rekur.load(folder.resolve("tuned.interrupted.keras"));
        assertThat(kept.compileConfiguration().orElseThrow().optimizerVariables())
                .isNotEmpty();
        assertThat(Files.readString(history)).contains("loss");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process is ended at once")
    void whatFailsAfterTheProcessIsToldToEndIsSaid() throws IOException, InterruptedException {
        Path plot = Files.createDirectories(folder.resolve("plot")).resolve("p.svg");
        Path history = folder.resolve("h.json");
        Files.createDirectories(folder.resolve("tuned.interrupted.keras")); // a model cannot take its place
        Ended ended = interrupted(
                MODEL, folder.resolve("tuned.keras"), "--plot", plot.toString(), "--history", history.toString());

        assertThat(ended.exit()).as(ended.said()).isEqualTo(130);
        assertThat(ended.said()).contains("it is a directory", "The trained model is in ");
        assertThat(history).exists();
        assertThat(plot).exists();
    }

    @Test
    void whatThereIsIsKeptWhateverFails() throws IOException {
        Path output = folder.resolve("tuned.keras");
        Path kept = folder.resolve("tuned.interrupted.keras");
        for (Throwable failure : List.of(
                new IllegalStateException("a defect"),
                new OutOfMemoryError("Java heap space"),
                new InvalidInputException("a broken batch", "docs/TROUBLESHOOTING.md#not-finite"))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Terminal terminal = terminal(err);
            Model model = Rekur.load(Path.of(MODEL));
            int exit;
            try (Interruption interruption = Interruption.listen(terminal)) {
                Trainer trainer = Trainer.of(model).callback(interruption).callback(new FailingCallback(failure));
                exit = new KeptTraining(
                                terminal,
                                new ModelKeeper(terminal, SaveOptions.KERAS_3),
                                new RecordOptions(),
                                "m",
                                output,
                                kept)
                        .run(() -> trainer.fit(data(model)), interruption, new LearningRates(), finding -> {});
            }
            String said = err.toString(StandardCharsets.UTF_8);
            assertThat(exit).as(said).isEqualTo(failure instanceof IllegalStateException ? 70 : 2);
            assertThat(said)
                    .contains(
                            failure.getMessage().replaceFirst(";.*", ""),
                            "the training ended in epoch 1 after 2 batches; the model so far is in");
            assertThat(said.contains("rekur help not-finite")).isEqualTo(failure instanceof InvalidInputException);
            assertThat(output).doesNotExist();
            Files.delete(kept);
        }
    }

    private static ArrayDataset data(Model model) {
        Graph graph = model.graph();
        return new TrainingFiles(graph, graph.outputNames(), ClassNames.NONE, Map.of())
                .read(DATA, RowChoice.of(Map.of()), InputStream.nullInputStream());
    }

    /** Fails after the second batch. */
    private record FailingCallback(Throwable failure) implements Callback {
        @Override
        public void batchEnd(TrainingRun training, int batch, Logs logs) {
            if (batch == 1 && failure instanceof Error error) {
                throw error;
            }
            if (batch == 1) {
                throw (RuntimeException) failure;
            }
        }
    }

    @Test
    void theModelThatATrainingBeganWithIsNotReplacedByWhatIsLeftOfIt() {
        NamedFiles named = new NamedFiles();
        named.reads("MODEL", "a/t.interrupted.keras");
        named.writes("--checkpoint", "a/t.interrupted-2.keras");
        assertThat(ModelKeeper.interrupted(Path.of("a/t.keras"), named)).isEqualTo(Path.of("a/t.interrupted-3.keras"));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process is ended at once")
    void aTrainingThatGoesOnFromAnInterruptedOneIsKeptApart() throws IOException, InterruptedException {
        Path begun = Files.copy(Path.of(MODEL), folder.resolve("tuned.interrupted.keras"));
        Ended ended = interrupted(begun.toString(), folder.resolve("tuned.keras"));

        assertThat(ended.exit()).as(ended.said()).isEqualTo(130);
        assertThat(begun).hasSameBinaryContentAs(Path.of(MODEL));
        assertThat(folder.resolve("tuned.interrupted-2.keras")).exists();
    }

    @Test
    void aModelThatCannotBeWrittenWhereItBelongsIsWrittenElsewhere() throws IOException {
        Model model = Rekur.load(Path.of(MODEL));
        Path file = Files.createFile(folder.resolve("file"));
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        ModelKeeper.Saved saved =
                new ModelKeeper(terminal(err), SaveOptions.KERAS_3).save(model, file.resolve("tuned.keras"));

        Path other = saved.file().orElseThrow();
        assertThat(saved.exit()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(
                        "is a file",
                        "rekur help files-that-cannot-be-written",
                        "The trained model is in " + other + " instead",
                        "rekur help interrupted-training");
        assertThat(Rekur.load(other).graph().name()).isEqualTo(model.graph().name());
        Files.delete(other);
        Files.delete(other.getParent());
    }

    private static Terminal terminal(ByteArrayOutputStream err) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void foldersThatAreMissingAreMadeAndNothingElseIsLeftThere() throws IOException {
        Path output = folder.resolve("a/b/t.keras");
        CommandLineRun run = CommandLineRun.of(
                "train",
                MODEL,
                "--data",
                DATA,
                "--output",
                output.toString(),
                "--plot",
                folder.resolve("c/d/p.svg").toString(),
                "--checkpoint",
                folder.resolve("e/{epoch}/m.keras").toString());

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(folder.resolve("a/b").toFile().list()).containsExactly("t.keras");
        assertThat(folder.resolve("c/d").toFile().list()).containsExactly("p.svg");
        assertThat(folder.resolve("e").toFile().list()).containsExactly("1");
    }

    @Test
    void interruptedModelsAreNamedAfterTheOutput() {
        assertThat(ModelKeeper.interrupted(Path.of("a/t.keras"), new NamedFiles()))
                .isEqualTo(Path.of("a/t.interrupted.keras"));
        assertThat(ModelKeeper.interrupted(Path.of("t.weights.h5"), new NamedFiles()))
                .isEqualTo(Path.of("t.interrupted.weights.h5"));
    }
}
