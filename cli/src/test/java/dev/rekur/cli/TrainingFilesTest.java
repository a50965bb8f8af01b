package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.folder;
import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be trained on, and what is refused before training begins. */
class TrainingFilesTest {
    private static final String NUMBERS = golden("trained_adam", "model.keras");
    private static final String TEXTS =
            folder().resolveSibling("example").resolve("debian-sections.keras").toString();
    private static final String SMALL = """
            text,section,split
            "a chess engine, with ""windows\"\"",games,train
            an editor for images,graphics,train
            a mail server,net,valid
            """;

    @TempDir
    private Path folder;

    private CommandLineRun train(String model, Path data, String... options) {
        return CommandLineRun.of(Stream.concat(
                        Stream.of(
                                "train",
                                model,
                                "--data",
                                data.toString(),
                                "--output",
                                folder.resolve("out.keras").toString()),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private Path text(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private void assertRefused(CommandLineRun run, String... message) {
        assertThat(run.exit()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message).doesNotContain("\tat ");
        assertThat(folder.resolve("out.keras")).doesNotExist();
    }

    @Test
    void tablesTextFilesAndJsonTrainTheSame() throws IOException {
        Path csv = text("data.csv", SMALL);
        Path gz = folder.resolve("data.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
            out.write(SMALL.getBytes(StandardCharsets.UTF_8));
        }
        Path txt = text(
                "data.txt",
                "a chess engine, with \"windows\"\tgames\nan editor for images\t1\na mail server\t2\n"
                        .replace("games", "0"));
        Path json = text("data.json", """
                {"text": ["a chess engine, with \\"windows\\"", "an editor for images", "a mail server"],
                 "section": ["games", "graphics", "net"]}
                """);
        String expected = losses(train(TEXTS, csv));

        assertThat(expected).contains("accuracy: ");
        assertThat(losses(train(TEXTS, gz))).isEqualTo(expected);
        assertThat(losses(train(TEXTS, txt))).isEqualTo(expected);
        assertThat(losses(train(TEXTS, json))).isEqualTo(expected);
    }

    private static String losses(CommandLineRun run) {
        assertThat(run.exit()).as(run.err()).isZero();
        return run.out().replaceFirst(".*/step", "");
    }

    @Test
    void rowsAndColumnsOfATableAreChosen() throws IOException {
        Path csv = text("data.csv", SMALL.replace("section", "kind"));
        CommandLineRun run = train(
                TEXTS, csv, "--columns", "label=kind", "--rows", "split=train", "--validation-rows", "split=valid");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("val_loss: ");
        Files.delete(folder.resolve("out.keras"));
        assertRefused(
                train(TEXTS, csv, "--rows=split=test", "--columns=label=kind"),
                "no row has split=test; there are [train, valid]");
        assertRefused(train(TEXTS, csv, "--columns=section_=kind"), "'section_' is no input and no output");
    }

    @Test
    void rowsToValidateOnAreNotTrainedOn() throws IOException {
        Path csv = text("data.csv", SMALL.replace("net,valid", "net,valid\nan empty game,games,valid"));
        String[] apart = {"--rows=split=train", "--validation-rows=split=valid"};
        String expected = losses(train(TEXTS, csv, apart));
        Files.delete(folder.resolve("out.keras"));

        assertThat(losses(train(TEXTS, csv, "--validation-rows=split=valid"))).isEqualTo(expected);
        Files.delete(folder.resolve("out.keras"));
        assertThat(losses(train(TEXTS, csv, "--rows=section=net", "--validation-data=" + csv, apart[1])))
                .as("another file, or the same on purpose, is validated on whatever is trained on")
                .isNotEqualTo(expected);
        Files.delete(folder.resolve("out.keras"));
        assertRefused(
                train(TEXTS, csv, "--rows=section=net", "--validation-rows=split=valid"),
                "no row is left to train on",
                "rekur help tables");
    }

    @Test
    void aColumnThatChoosesRowsIsNoInput() throws IOException {
        String rows = IntStream.range(0, 15).mapToObj(i -> "p" + i).collect(Collectors.joining(","));
        String zeros = "0,".repeat(15);
        Path csv = text("data.csv", rows + ",dense_0,dense_1,fold\n" + (zeros + "1,0,1\n") + (zeros + "0,1,2\n"));

        CommandLineRun run = train(NUMBERS, csv, "--validation-rows=fold=2");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("val_loss: ");
    }

    @Test
    void emptyFilesAreRefused() throws IOException {
        assertRefused(train(TEXTS, text("data.txt", "")), "data.txt: ", "found an empty file", "rekur help tables");
        assertRefused(train(TEXTS, text("data.csv", "")), "data.csv: ", "found an empty file", "rekur help tables");
    }

    @Test
    void severalInputsAndOutputsAreNamed() throws IOException {
        Path data = folder().resolveSibling("training").resolve("two_outputs").resolve("data.npz");
        String model = data.resolveSibling("model.keras").toString();
        CommandLineRun run = train(model, data);
        Map<String, Tensor> arrays = new LinkedHashMap<>(ArrayFiles.read(data.toString(), System.in));
        arrays.remove("size");
        Path partial = folder.resolve("partial.npz");
        NumpyWriter.npz(partial, arrays);
        Files.delete(folder.resolve("out.keras"));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("kind_accuracy: ").contains("size_loss: ");
        assertRefused(train(model, partial), "no array 'size'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text,section                  | expected rows",
                "text,section\\na,1,2          | data.csv, line 2: expected 2 fields as in the first line, found 3",
                "text,section\\n\"a,1          | a quote is never closed",
                "text,text\\na,1               | each by another name",
                "text,kind\\na,games           | expected a column 'section' or 'label' or 'y', found text, kind",
                "text,section\\na,music        | label 'music' is none of the classes in labels.json",
                "text,section\\na,5            | label 5 is not one of the model's 5 classes",
            })
    void brokenTablesAreRefused(String content, String message) throws IOException {
        CommandLineRun run = train(TEXTS, text("data.csv", content.replace("\\n", "\n") + "\n"));

        assertRefused(run, message.replace("expected rows", "the data has no rows"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--validation-split=0.9999                      | rekur help validation-split",
                "--validation-split=1.5                         | rekur help validation-split",
                "--early-stopping=monitor=val_loss              | values with val_ need validation data",
                "--early-stopping=monitr=loss                   | there is no setting 'monitr'; did you mean monitor? There are baseline",
                "--reduce-lr=factor                             | expected KEY=VALUE, found 'factor'",
                "--optimizer=adamant                            | there is no optimizer 'adamant'; did you mean Adamax? There are",
                "--set=beta=1                                   | Adam: there is no setting 'beta'; did you mean beta_1? There are",
                "--loss=mean                                    | rekur help unsupported-training-object",
                "--metrics=accurate                             | rekur help unsupported-training-object",
                "--freeze=conv*                                 | no layer is called 'conv*'; there are input_layer",
                "--checkpoint=x.zip                             | .keras or .h5",
                "--checkpoint-options=verbose=1                 | goes with --checkpoint",
                "--history=h.txt                                | .json or .csv",
                "--batch-log=/dev/null/b.csv                    | cannot be written: its folder",
                "--class-weight=a=1                             | expected CLASS=WEIGHT",
                "--learning-rate=-1                             | from 0 on",
                "--clipnorm=0                                   | above 0",
                "--batch-size=0                                 | from 1 on",
                "--threads=0                                    | from 1 on",
                "--rows=split=train                             | are for tables",
            })
    void optionsThatMakeNoSenseAreRefusedBeforeTraining(String option, String message) throws IOException {
        Path data = folder.resolve("data.npz");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(8, 2)));

        assertRefused(train(NUMBERS, data, option), message);
    }

    @Test
    void noFileIsWrittenThatIsReadOrWrittenByAnotherOption() throws IOException {
        Path data = folder.resolve("data.npz");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(8, 2)));
        Path validation = folder.resolve("validation.csv");
        Files.writeString(validation, "x");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), validation);
        String log = folder.resolve("log.csv").toString();
        String other = "--validation-data=" + validation;

        assertRefused(train(NUMBERS, data, "--history=" + log, "--batch-log=" + log), "both write " + log);
        assertRefused(train(NUMBERS, data, other, "--history=" + validation), "that --validation-data reads");
        assertRefused(train(NUMBERS, data, other, "--batch-log=" + link), "that --validation-data reads");
        assertRefused(
                train(NUMBERS, data, "--checkpoint=" + folder.resolve("./out.keras")), "--output and --checkpoint");
        assertThat(validation).hasContent("x");
    }

    @Test
    void dataThatDoesNotFitIsRefusedBeforeTraining() throws IOException {
        Path data = folder.resolve("data.npz");
        assertRefused(train(NUMBERS, data), "no such file");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(7, 2)));
        assertRefused(train(NUMBERS, data), "data.npz: x and y are of different lengths");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(8, 3)));
        assertRefused(train(NUMBERS, data), "rekur help targets");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(8, 2), "z", zeros(8)));
        assertRefused(train(NUMBERS, data), "arrays [z] belong to no input and no output");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3)));
        assertRefused(train(NUMBERS, data), "no array 'dense' or 'y'", "the file has none of them");
        NumpyWriter.npz(
                data,
                Map.of(
                        "x",
                        FloatTensor.wrap(Shape.of(1, 5, 3), nan(15)),
                        "y",
                        FloatTensor.wrap(Shape.of(1, 2), nan(2))));
        assertRefused(train(NUMBERS, data), "rekur help not-finite");
        assertRefused(
                train(NUMBERS, text("data.csv", SMALL)),
                "expected a column 'dense' or 'label' or 'y', found text, section, split");
    }

    private static float[] nan(int size) {
        float[] values = new float[size];
        values[size - 1] = Float.NaN;
        return values;
    }

    private static FloatTensor zeros(int... shape) {
        Shape of = Shape.of(shape);
        return FloatTensor.wrap(of, new float[of.size()]);
    }

    @Test
    void targetsThatCannotBeWrittenAreRefusedBeforeTraining() throws IOException {
        Path data = folder.resolve("data.npz");
        NumpyWriter.npz(data, Map.of("x", zeros(8, 5, 3), "y", zeros(8, 2)));
        String nowhere = data.resolve("out.keras").toString(); // in a file
        for (String output : new String[] {nowhere, "out.json", "out.zip"}) {
            CommandLineRun run = CommandLineRun.of("train", NUMBERS, "--data", data.toString(), "--output", output);

            assertRefused(run, output.equals(nowhere) ? "cannot be written: its folder " : output);
        }
    }
}
