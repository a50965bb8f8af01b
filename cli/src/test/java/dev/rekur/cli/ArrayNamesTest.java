package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.Rekur;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By which names arrays are found: keys of dictionaries, names of layers, and what stands for the only input or output. */
class ArrayNamesTest {
    /** Made with {@code {"title": IT, "body": IS}} and {@code {"z": OZ, "a": OA}}. */
    private static final String MODEL = golden("names_of_dictionaries", "model.keras");

    private static final Map<String, Tensor> GIVEN =
            NumpyReader.read(Path.of(golden("names_of_dictionaries", "inputs.npz")));
    private static final Map<String, Tensor> EXPECTED =
            NumpyReader.read(Path.of(golden("names_of_dictionaries", "expected.npz")));

    @TempDir
    private Path folder;

    private String file(String name, Map<String, Tensor> arrays) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            NumpyWriter.npz(out, arrays);
        }
        return file.toString();
    }

    private String inputs(String title, String body) throws IOException {
        return file("x.npz", Map.of(title, GIVEN.get("IT"), body, GIVEN.get("IS")));
    }

    private CommandLineRun verify(String input, Map<String, Tensor> expected) throws IOException {
        return CommandLineRun.of("verify", MODEL, "--input", input, "--expected", file("y.npz", expected));
    }

    @ParameterizedTest
    @CsvSource({"title, body", "IT, IS", "IT, body", "x/title, x/IS"})
    void inputsHaveTheirKeysOrTheNamesOfTheirLayers(String title, String body) throws IOException {
        CommandLineRun run = verify(inputs(title, body), EXPECTED);

        assertThat(run.exit()).as(run.toString()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"a, z", "OA, OZ", "output_0, z", "output_0, output_1"})
    void whatIsExpectedHasKeysNamesOfLayersOrPlaces(String first, String second) throws IOException {
        Map<String, Tensor> named = Map.of(first, EXPECTED.get("output_0"), second, EXPECTED.get("output_1"));

        assertThat(verify(inputs("title", "body"), named).exit()).isZero();
        assertThat(verify(inputs("title", "body"), Map.of(first, EXPECTED.get("output_0")))
                        .out())
                .contains("z: missing in", "DIFFERS");
    }

    @Test
    void anInputThatIsGivenTwiceOrNotAtAllIsRefused() throws IOException {
        Map<String, Tensor> twice = new LinkedHashMap<>(GIVEN);
        twice.put("title", GIVEN.get("IT"));
        assertThat(CommandLineRun.of("predict", MODEL, "--input", file("twice.npz", twice))
                        .err())
                .contains("twice.npz: 'IT' and 'title' are both the input 'title'")
                .contains("rekur help names-of-arrays");
        assertThat(CommandLineRun.of("predict", MODEL, "--input", file("one.npz", Map.of("title", GIVEN.get("IT"))))
                        .err())
                .contains("one.npz: no array 'body' for the model's input", "[body (layer IS), title (layer IT)]");
    }

    @Test
    void jsonHasTheKeysAndIsReadBackByThem() throws IOException {
        String output = folder.resolve("y.json").toString();
        CommandLineRun.of("predict", MODEL, "--input", inputs("title", "body"), "--output", output);

        assertThat(Files.readString(Path.of(output))).startsWith("{\"a\":").contains("\"z\":");
        assertThat(CommandLineRun.of("verify", MODEL, "--input", inputs("IT", "IS"), "--expected", output)
                        .exit())
                .isZero();
    }

    @Test
    void javaCallersHaveTheSameNames() {
        Model model = Rekur.load(Path.of(MODEL));

        Map<String, Tensor> outputs = model.predict(Map.of("title", GIVEN.get("IT"), "IS", GIVEN.get("IS")));

        assertThat(outputs.keySet()).containsExactly("a", "z");
        assertThat(List.copyOf(outputs.values())).isEqualTo(model.predict(List.of(GIVEN.get("IS"), GIVEN.get("IT"))));
    }

    @Test
    void theOnlyInputIsXInAFileForTrainingWhoseTargetsAreLeftOut() throws IOException {
        String model = golden("trained_adam", "model.keras");
        Tensor input = NumpyReader.read(Path.of(golden("trained_adam", "inputs.npz")))
                .values()
                .iterator()
                .next();
        Tensor target = NumpyReader.read(Path.of(golden("trained_adam", "expected.npz")))
                .values()
                .iterator()
                .next();
        String alone = CommandLineRun.of("predict", model, "--input", file("x.npz", Map.of("any", input)))
                .out();

        CommandLineRun run =
                CommandLineRun.of("predict", model, "--input", file("d.npz", Map.of("x", input, "y", target)));
        assertThat(run.out()).isEqualTo(alone).isNotEmpty();
        assertThat(run.err()).contains("d.npz: targets and sample weights are for training; they are not read");

        CommandLineRun surplus =
                CommandLineRun.of("predict", model, "--input", file("e.npz", Map.of("x", input, "z", target)));
        assertThat(surplus.exit()).isEqualTo(2);
        assertThat(surplus.err()).contains("arrays [z] belong to no input");
    }
}
