package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.folder;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of classes: where they come from, what they stand for in data, and what is refused. */
class ClassNamesTest {
    /** Texts in, the probabilities of five sections out. */
    private static final Path EXAMPLE = folder().resolveSibling("example").resolve("debian-sections.keras");

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void aModelWithoutNames() throws IOException {
        model = Files.copy(EXAMPLE, folder.resolve("m.keras"));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** Evaluates with one row for each label. */
    private CommandLineRun evaluate(String labels, String... options) throws IOException {
        Path data = write("d.csv", "text,label\na text," + labels.replace(" ", "\na text,") + "\n");
        return run("evaluate", "--data", data, options);
    }

    private CommandLineRun predict(String... options) throws IOException {
        return run("predict", "--input", write("x.txt", "a text\n"), options);
    }

    private CommandLineRun run(String verb, String option, Path file, String... options) {
        String[] all = new String[4 + options.length];
        all[0] = verb;
        all[1] = model.toString();
        all[2] = option;
        all[3] = file.toString();
        System.arraycopy(options, 0, all, 4, options.length);
        return CommandLineRun.of(all);
    }

    private static void assertRefused(CommandLineRun run, String... messages) {
        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(messages).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "games net dgo games | row 2: label 'dgo' is none of the classes in names.txt",
                "games 1 dgo         | row 2: label 'dgo' is none of the classes",
                "games 1             | row 1: label '1' is none of the classes",
                "0 1 dgo             | row 2: label 'dgo' is none of the classes",
            })
    void theLabelThatIsMisspeltIsNamed(String labels, String message) throws IOException {
        String names =
                write("names.txt", "games\ngraphics\nnet\nscience\nsound\n").toString();

        assertRefused(evaluate(labels, "--labels", names), message);
        assertThat(evaluate("games net", "--json", "--labels", names).out())
                .isEqualTo(evaluate("0 2", "--json", "--labels", names).out())
                .isNotEmpty();
    }

    @Test
    void aNameOfTwoClassesStandsForNoneAndShiftsNone() throws IOException {
        String names = write("names.txt", "other\ncat\nother\ndog\nbird\n").toString();

        assertRefused(
                evaluate("cat other", "--labels", names),
                "row 1: label 'other' is the name of the classes 0 and 2",
                "rekur help class-names");
        assertThat(evaluate("cat dog bird", "--json", "--labels", names).out())
                .isEqualTo(evaluate("1 3 4", "--json").out())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"games\"",
                "{\"classes\": [\"a\"]}",
                "{\"labels\": {\"0\": \"cat\", \"1\": \"dog\"}}",
                "{\"labels\": [1, 2]}",
                "[]",
                "[\"a\"",
                "[\"a\"] [\"b\"]",
                "no JSON"
            })
    void aFileWithoutNamesIsRefusedIfItWasNamedAndElseLeftOut(String content) throws IOException {
        Path file = write("labels.json", content);
        String plain = predict("--quiet").out();

        assertRefused(predict("--labels", file.toString()), "labels.json: ", "rekur help class-names");
        CommandLineRun run = predict();
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(plain);
        assertThat(run.err()).contains("warning: ", "labels.json: ", "no names of classes are taken from it");
    }

    @Test
    void anObjectBesideTheModelThatSaysNothingOfLabelsIsNoMistake() throws IOException {
        write("labels.json", "{\"description\": \"Sections.\"}");

        assertThat(predict().err()).isEmpty();
    }

    @Test
    void aFileNamedAfterTheModelComesFirst() throws IOException {
        write("labels.json", "[\"A\", \"B\", \"C\", \"D\", \"E\"]");
        assertThat(predict().out()).contains("A");
        write("m.labels.json", "[\"first\", \"second\", \"third\", \"fourth\", \"fifth\"]");
        assertThat(predict().out()).contains("second").doesNotContain(" A ");
    }

    @Test
    void namesForOneOfSeveralOutputsAreGivenByOutput() throws IOException {
        Path two = folder().resolveSibling("training").resolve("fit_two_outputs");
        model = two.resolve("model.keras");
        Path data = two.resolve("data.npz");
        Path list = write("names.json", "[\"a\", \"b\", \"c\"]");

        assertRefused(
                run("evaluate", "--data", data, "--labels", list.toString()),
                "names.json: expected names for the",
                "{\"labels\": {\"");
        Path byOutput = write("by-output.json", "{\"labels\": {\"kind\": [\"a\", \"b\", \"c\"]}}");
        CommandLineRun run = run("evaluate", "--data", data, "--labels", byOutput.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertRefused(
                run(
                        "evaluate",
                        "--data",
                        data,
                        "--labels",
                        write("unknown.json", "{\"labels\": {\"sort\": [\"a\", \"b\"]}}")
                                .toString()),
                "unknown.json: ",
                "'sort'");
    }

    @Test
    void namesOfAnUnpackedModelLieInItsFolder() throws IOException {
        model = folder.resolve("unpacked");
        try (ZipFile zip = new ZipFile(EXAMPLE.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path file = model.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip.getInputStream(entry), file);
            }
        }
        write("labels.json", "[\"a\", \"b\", \"c\", \"d\", \"e\"]");
        Files.writeString(model.resolve("labels.json"), "[\"v\", \"w\", \"inside\", \"y\", \"z\"]");

        CommandLineRun run = predict();
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("inside");
    }
}
