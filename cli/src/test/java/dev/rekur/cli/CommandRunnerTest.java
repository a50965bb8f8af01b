package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.FloatTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandRunnerTest {
    private static final String MODEL = golden("lesson_1_stacked", "model.keras");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "summary",
                "check",
                "predict",
                "verify",
                "convert",
                "train",
                "evaluate",
                "bench",
                "serve",
                "completion"
            })
    void everyVerbKnowsHelpVersionQuietAndVerbose(String verb) {
        CommandLineRun help = CommandLineRun.of(verb, "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).contains("Usage: rekur " + verb, "--help", "--version", "--quiet", "--verbose");

        CommandLineRun version = CommandLineRun.of(verb, "--version");
        assertThat(version.exit()).isZero();
        assertThat(version.out()).startsWith("Rekur ");
    }

    @Test
    void withoutArgumentsTheVerbsAreListedAsAnError() {
        CommandLineRun run = CommandLineRun.of();

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("summary", "predict", "serve");
    }

    @Test
    void wrongUsageIsTheUsersToChange() {
        assertThat(CommandLineRun.of("sumary", MODEL).exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("summary").exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("summary", MODEL, "--line-lenght", "80").err())
                .contains("--line-lenght");
        assertThat(CommandLineRun.of("predict", MODEL, "--input", "x.npz", "--threads", "0")
                        .exit())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("--quiet").exit()).isEqualTo(2);
        assertThat(CommandLineRun.of("train", MODEL, "--data", "d", "--output", "o", "--epochs", "x")
                        .err())
                .contains("'x' is not a whole number");
        assertThat(CommandLineRun.of("train", "--set", "beta_1=0.8", MODEL, "--data", "d", "--output", "o")
                        .err())
                .contains("'MODEL'; it comes first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "predict m.keras --inptu x.npz                     | '--inptu'; did you mean --input?",
                "predict m.keras --input=x --outptu=y              | '--outptu'; did you mean --output?",
                "verify m.keras --input x --expcted y              | '--expcted'; did you mean --expected?",
                "train m.keras --dta d.npz --output o.keras        | '--dta'; did you mean --data?",
                "train m.keras --data d --output o --set a=1 --epohs 3 | '--epohs'; did you mean --epochs?",
                "bench m.keras --secnds 1                          | '--secnds'; did you mean --seconds?",
                "serve --prot 80                                   | '--prot'; did you mean --port?",
                "convert a b --overwritten                         | '--overwritten'; did you mean --overwrite?",
                "summary m.keras --hlep                            | '--hlep'; did you mean --help?",
                "--quiet summary m.keras --optimzer                | '--optimzer'; did you mean --optimizer?",
                "--quite summary m.keras                           | '--quite'; did you mean --quiet?",
                "predit m.keras                                    | 'predit'; did you mean predict?",
                "--quiet trian m.keras                             | 'trian'; did you mean train?"
            })
    void whatIsMisspeltIsNamedFirstWithWhatWasMeant(String words, String message) {
        CommandLineRun run = CommandLineRun.of(words.split(" "));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines().findFirst().orElse("")).contains(message);
        assertThat(run.err()).contains("--help' shows what there is");
    }

    @Test
    void aMissingOrBrokenFileIsOneMessageWithoutAStackTrace() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.keras"), "no model");
        for (String file : new String[] {folder.resolve("none.keras").toString(), broken.toString()}) {
            for (String verb : new String[] {"summary", "check"}) {
                CommandLineRun run = CommandLineRun.of(verb, file);
                assertThat(run.exit()).isEqualTo(2);
                assertThat(run.out()).isEmpty();
                assertThat(run.err())
                        .contains(Path.of(file).getFileName().toString())
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void aDefectHasAStackTraceAndAsksToBeReported() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        int exit = new Failures(new Terminal(InputStream.nullInputStream(), stream, stream))
                .explain(new IllegalStateException("of no user's making"));

        assertThat(exit).isEqualTo(70);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("Please report it", "IllegalStateException: of no user's making", "\tat ");
    }

    @Test
    void checkListsEveryLayer() {
        CommandLineRun run = CommandLineRun.of("check", MODEL);

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .contains("written by Keras 3.15.1")
                .contains("supported      simple_rnn_2 (SimpleRNN)")
                .endsWith("The model can be run.\n");
        assertThat(CommandLineRun.of("check", MODEL, "--json").out()).contains("\"runnable\": true");
    }

    @Test
    void benchReportsTheKeysThatScriptsReadAndVariesItsInputs() {
        CommandLineRun run = CommandLineRun.of("bench", MODEL, "--seconds", "0.2", "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        for (String key : new String[] {
            "model",
            "batch",
            "time",
            "threads",
            "kernels",
            "p50_us",
            "p90_us",
            "p99_us",
            "calls_per_second",
            "rows_per_second",
            "allocated_bytes_per_call"
        }) {
            assertThat(run.out()).contains("\"" + key + "\": ");
        }
    }

    @Test
    void completionKnowsVerbsAndOptions() {
        assertThat(CommandLineRun.of("completion").out()).contains("summary", "--show-trainable", "--batch-size");
    }

    @Test
    void jsonArraysKeepTheirKind() {
        assertThat(JsonTensors.read("[[1, 2], [3, 4]]".getBytes(), "x").get("").toString())
                .isEqualTo("IntTensor[2, 2]");
        assertThat(JsonTensors.read("{\"a\": [1.5, NaN]}".getBytes(), "x")
                        .get("a")
                        .toString())
                .isEqualTo("FloatTensor[2]");
        assertThat(JsonTensors.read("[\"a b\"]".getBytes(), "x").get("").toString())
                .isEqualTo("TextTensor[1]");
    }

    @Test
    void jsonNumbersThatAreNotFiniteAreKept() {
        FloatTensor read = (FloatTensor) JsonTensors.read("[NaN, Infinity, -Infinity, 3.4e38, 1e-99]".getBytes(), "x")
                .get("");

        assertThat(read.toArray())
                .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3.4e38f, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99", "-1e39", "1e999", "1e39", "1.5e400", "1000000000000000000000000000000000000000"})
    void aFiniteJsonNumberDoesNotBecomeInfiniteInSilence(String number) {
        CommandLineRun run = CommandLineRun.withInput("[[0.5, " + number + "]]", "predict", MODEL, "--input", "-");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("range of a 32-bit float, found " + number, "line 1")
                .doesNotContain("\tat ");
    }

    @Test
    void serveSaysWhatItDoesUnlessTold() {
        Terminal terminal = new Terminal(InputStream.nullInputStream(), System.out, System.err);

        assertThat(new ServeVerb(terminal).usualLogLevel()).isEqualTo("info");
        assertThat(new CheckVerb(terminal).usualLogLevel()).isEqualTo("warn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[1, 2], [3]]",
                "[1, [2]]",
                "[1, \"a\"]",
                "[null]",
                "",
                "3",
                "[1] [2]",
                "{\"a\": [1], \"a\": [2]}"
            })
    void jsonThatIsNoArrayIsRefusedWithItsPlace(String document) {
        CommandLineRun run = CommandLineRun.withInput(document, "predict", MODEL, "--input", "-");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("standard input").doesNotContain("\tat ");
    }
}
