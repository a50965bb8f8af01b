package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PredictVerbTest {
    private static final String MODEL = golden("lesson_1_stacked", "model.keras");
    private static final String INPUTS = golden("lesson_1_stacked", "inputs.npz");
    private static final String EXPECTED = golden("lesson_1_stacked", "expected.npz");

    @TempDir
    private Path folder;

    @Test
    void writesArraysThatVerifyAgreesWith() throws IOException {
        for (String format : List.of("npz", "npy", "json")) {
            String output = folder.resolve("out." + format).toString();
            CommandLineRun run = CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", output);
            assertThat(run).isEqualTo(new CommandLineRun(0, "", ""));
            assertThat(CommandLineRun.of("verify", MODEL, "--input", INPUTS, "--expected", output)
                            .exit())
                    .as(format)
                    .isZero();
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("no temporary file is left").hasSize(3);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theOutputHasThePermissionsOfAnyNewFileOrOfTheOneItReplaces() throws IOException {
        Path usual = Files.createFile(folder.resolve("usual"));
        for (String format : List.of("npz", "npy", "json")) {
            Path output = folder.resolve("out." + format);
            CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", output.toString());
            assertThat(Files.getPosixFilePermissions(output)).isEqualTo(Files.getPosixFilePermissions(usual));

            Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-rw---x");
            Files.setPosixFilePermissions(output, permissions);
            CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", output.toString());
            assertThat(Files.getPosixFilePermissions(output)).isEqualTo(permissions);
        }
    }

    @Test
    void theOutputsOfAnNpzAreNumbered() {
        Path output = folder.resolve("out.npz");
        CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", output.toString());

        assertThat(NumpyReader.read(output)).containsOnlyKeys("output_0");
    }

    @Test
    void batchSizeThreadsAndKernelsDoNotChangeABit() {
        Path first = folder.resolve("first.npz");
        Path second = folder.resolve("second.npz");
        CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", first.toString());
        CommandLineRun run = CommandLineRun.of(
                "predict",
                MODEL,
                "--input",
                INPUTS,
                "--output",
                second.toString(),
                "--batch-size",
                "1",
                "--threads",
                "2",
                "--kernels",
                "scalar");

        assertThat(run.exit()).isZero();
        assertThat(NumpyReader.read(second)).isEqualTo(NumpyReader.read(first));
    }

    @Test
    void withoutAnOutputATableIsShown() {
        CommandLineRun run = CommandLineRun.of("predict", MODEL, "--input", INPUTS);

        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("float32 [3, 5]").contains("     0  ").contains("     2  ");
    }

    @Test
    void readsJsonFromStandardInput() throws IOException {
        Tensor inputs = NumpyReader.read(Path.of(INPUTS)).values().iterator().next();
        CommandLineRun run = CommandLineRun.withInput(
                JsonText.of(TensorText.nested(inputs)), "verify", MODEL, "--input", "-", "--expected", EXPECTED);

        assertThat(run.exit()).as(run.err()).isZero();
    }

    @Test
    void aSurplusArrayIsAnErrorThatListsIt() throws IOException {
        Path inputs = folder.resolve("two.npz");
        Tensor array = Tensor.of(new float[] {1}, 1, 1);
        NumpyWriter.npz(inputs, Map.of("first", array, "second", array));
        CommandLineRun run = CommandLineRun.of("predict", MODEL, "--input", inputs.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("first").contains("second").doesNotContain("\tat ");
    }

    @Test
    void severalInputsRunInOneSession() {
        String model = golden("lstm_stateful", "model.keras");
        String first = golden("lstm_stateful", "inputs.npz");
        Path one = folder.resolve("one.npz");
        Path two = folder.resolve("two.npz");
        CommandLineRun run = CommandLineRun.of(
                "predict",
                model,
                "--input",
                first,
                "--input",
                first,
                "--output",
                one.toString(),
                "--output",
                two.toString());

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(NumpyReader.read(one)).isNotEqualTo(NumpyReader.read(two));
    }

    @Test
    void theOnnxEngineIsRefusedForAKerasFile() {
        CommandLineRun run = CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--engine", "onnxruntime");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("--engine onnxruntime");
    }

    @Test
    void theFolderOfAnOutputIsMadeUnlessThereIsAFile() throws IOException {
        String made = folder.resolve("missing/out.npz").toString();
        assertThat(CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", made)
                        .exit())
                .isZero();

        String output =
                Files.createFile(folder.resolve("file")).resolve("out.npz").toString();
        CommandLineRun run = CommandLineRun.of("predict", MODEL, "--input", INPUTS, "--output", output);

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err())
                .contains("out.npz: cannot be written: its folder ")
                .doesNotContain("\tat ");
    }

    @Test
    void rowsAreCutAndJoinedWithoutLoss() {
        FloatTensor tensor = FloatTensor.wrap(Shape.of(3, 2), new float[] {1, 2, 3, 4, 5, 6});

        assertThat(Rows.join(List.of(Rows.slice(tensor, 0, 2), Rows.slice(tensor, 2, 2))))
                .isEqualTo(tensor);
    }
}
