package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rekur.Rekur;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process is ended at once")
    void whatThereIsIsWrittenBesideTheOutputWhenTheProcessIsToldToEnd() throws IOException, InterruptedException {
        Path output = Files.writeString(folder.resolve("tuned.keras"), "the old one");
        Path history = folder.resolve("new/h.json");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.rekur.cli.Main",
                        "train",
                        MODEL,
                        "--data",
                        DATA,
                        "--output",
                        output.toString(),
                        "--history",
                        history.toString(),
                        "--epochs",
                        "1000000")
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

        String said = Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isEqualTo(130);
        assertThat(said)
                .contains("interrupted in epoch", "tuned.interrupted.keras")
                .doesNotContain("\tat ");
        assertThat(output).hasContent("the old one");
        Model kept = Rekur.load(folder.resolve("tuned.interrupted.keras"));
        assertThat(kept.compileConfiguration().orElseThrow().optimizerVariables())
                .isNotEmpty();
        assertThat(Files.readString(history)).contains("loss");
    }

    @Test
    void aModelThatCannotBeWrittenWhereItBelongsIsWrittenElsewhere() throws IOException {
        Model model = Rekur.load(Path.of(MODEL));
        Path file = Files.createFile(folder.resolve("file"));

        String message = catchThrowable(() -> ModelKeeper.save(model, file.resolve("tuned.keras"), SaveOptions.KERAS_3))
                .getMessage();

        assertThat(message).contains("is a file", "The trained model is in ", "tuned.keras instead");
        Path other = Path.of(message.replaceFirst("(?s).*The trained model is in (\\S+) instead.*", "$1"));
        assertThat(Rekur.load(other).graph().name()).isEqualTo(model.graph().name());
        Files.delete(other);
        Files.delete(other.getParent());
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
        assertThat(ModelKeeper.interrupted(Path.of("a/t.keras"))).isEqualTo(Path.of("a/t.interrupted.keras"));
        assertThat(ModelKeeper.interrupted(Path.of("t.weights.h5"))).isEqualTo(Path.of("t.interrupted.weights.h5"));
    }
}
