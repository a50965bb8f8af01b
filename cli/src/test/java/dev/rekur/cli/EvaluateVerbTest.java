package dev.rekur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss and metrics of data, as real Keras says them in {@code fixtures/generate/reported/evaluations.py}. */
class EvaluateVerbTest {
    @TempDir
    private Path folder;

    private static String training(String name, String file) {
        return Path.of(CommandLineRun.folder().resolveSibling("training").toString(), name, file)
                .toString();
    }

    @Test
    void printsTheLineThatKerasEndsWith() {
        CommandLineRun run = CommandLineRun.of(
                "evaluate", training("fit_plain", "model.keras"), "--data", training("fit_plain", "data.npz"));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .matches("(\\d+)/\\1 ━{20} \\d+s \\d+(us|ms|s)/step - (\\w+: \\S+ - )*loss: \\d\\.\\d{4}\\s*");
    }

    @Test
    void jsonHasLossAndMetricsAtAnyBatchSizeAndNumberOfThreads() {
        String[] usual = {
            "evaluate",
            training("fit_plain", "model.keras"),
            "--data",
            training("fit_plain", "data.npz"),
            "--json",
            "--metrics",
            "accuracy"
        };
        CommandLineRun run = CommandLineRun.of(usual);

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("{\"accuracy\":").contains("\"loss\":");
        String[] serial = Arrays.copyOf(usual, usual.length + 2);
        serial[usual.length] = "--threads";
        serial[usual.length + 1] = "1";
        assertThat(CommandLineRun.of(serial)).isEqualTo(run);
    }

    /** The lines of fit are proven on real Keras; after an epoch they validate the model that is written. */
    @ParameterizedTest
    @ValueSource(strings = {"fit_plain", "fit_two_outputs", "fit_masked", "fit_batch_normalization"})
    void scoresAreThoseThatATrainingValidatesWith(String name) throws IOException {
        String data = training(name, "data.npz");
        Path history = folder.resolve("h.json");
        String output = folder.resolve("o.keras").toString();
        CommandLineRun trained = CommandLineRun.of(
                "train",
                training(name, "model.keras"),
                "--data",
                data,
                "--validation-data",
                data,
                "--output",
                output,
                "--history",
                history.toString(),
                "--quiet");
        assertThat(trained.exit()).as(trained.err()).isZero();

        CommandLineRun run = CommandLineRun.of("evaluate", output, "--data", data, "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        String validated = Files.readString(history);
        for (String entry : run.out().replaceAll("[{}\\s]", "").split(",")) {
            String[] pair = entry.replace("\"", "").split(":");
            Matcher found = Pattern.compile("\"val_" + pair[0] + "\":\\s*\\[\\s*([^\\],]+)")
                    .matcher(validated);
            assertThat(found.find()).as(pair[0] + " in " + validated).isTrue();
            assertThat(Double.parseDouble(pair[1]))
                    .as(pair[0])
                    .isEqualTo(Double.parseDouble(found.group(1).strip()));
        }
    }

    @ParameterizedTest
    @CsvSource({"--threads, 0", "--batch-size, 0", "--loss, nonsense", "--metrics, nonsense"})
    void wrongOptionsAreTheUsersToChange(String option, String value) {
        CommandLineRun run = CommandLineRun.of(
                "evaluate",
                training("fit_plain", "model.keras"),
                "--data",
                training("fit_plain", "data.npz"),
                option,
                value);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("\tat ");
    }

    @Test
    void aModelThatIsNotCompiledNeedsALoss() {
        String model = CommandLineRun.golden("names_of_dictionaries", "model.keras");
        CommandLineRun run = CommandLineRun.of("evaluate", model, "--data", "none.npz");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--loss", "not-compiled");
    }
}
