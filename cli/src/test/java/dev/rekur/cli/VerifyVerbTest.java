package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyVerbTest {
    private static final String MODEL = golden("lesson_1_stacked", "model.keras");
    private static final String INPUTS = golden("lesson_1_stacked", "inputs.npz");
    private static final Path EXPECTED = Path.of(golden("lesson_1_stacked", "expected.npz"));

    @TempDir
    private Path folder;

    @Test
    void agreesWithWhatKerasComputed() {
        CommandLineRun run = CommandLineRun.of("verify", MODEL, "--input", INPUTS, "--expected", EXPECTED.toString());

        assertThat(run.exit()).isZero();
        assertThat(run.out())
                .startsWith("agrees")
                .contains("worst |got - want|")
                .endsWith("tolerance 1.0e-5\n");
    }

    @Test
    void aDifferenceIsNamedWithItsPlace() throws IOException {
        FloatTensor want =
                (FloatTensor) NumpyReader.read(EXPECTED).values().iterator().next();
        float[] values = want.toArray();
        values[7] += 0.5f;
        CommandLineRun run = verify(FloatTensor.wrap(want.shape(), values), "--json");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("\"agrees\": false", "\"where\": [1, 2]");
    }

    @Test
    void aWrongShapeIsADifference() throws IOException {
        CommandLineRun run = verify(Tensor.of(new float[] {1, 2}, 1, 2));

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("DIFFERS").contains("expected shape [1, 2], got [3, 5]");
    }

    @Test
    void aMissingOutputIsADifference() throws IOException {
        Path file = folder.resolve("expected.npz");
        Tensor array = Tensor.of(new float[] {1}, 1, 1);
        NumpyWriter.npz(file, Map.of("one", array, "two", array));
        CommandLineRun run = CommandLineRun.of("verify", MODEL, "--input", INPUTS, "--expected", file.toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("missing in");
    }

    @Test
    void innerActivationsAreComparedByLayer() throws IOException {
        Path file = folder.resolve("layers.npz");
        Tensor want = NumpyReader.read(EXPECTED).values().iterator().next();
        NumpyWriter.npz(file, Map.of("dense", want, "simple_rnn_2", Tensor.of(new float[96], 3, 32)));
        CommandLineRun run =
                CommandLineRun.of("verify", MODEL, "--input", INPUTS, "--expected", file.toString(), "--layers");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("agrees     dense").contains("The first layer that drifts is 'simple_rnn_2'.");
    }

    @Test
    void notANumberEqualsItselfAndInfinitiesEqualBySign() {
        Tensor one = Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1}, 3);
        Tensor other = Tensor.of(new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 1}, 3);
        Tensor number = Tensor.of(new float[] {0, Float.POSITIVE_INFINITY, 1}, 3);

        assertThat(Comparison.of("same", one, one, 0).agrees()).isTrue();
        assertThat(Comparison.of("sign", one, other, 1e9).agrees()).isFalse();
        assertThat(Comparison.of("number", number, one, 1e9).where()).containsExactly(0);
    }

    private CommandLineRun verify(Tensor want, String... options) throws IOException {
        Path file = folder.resolve("expected.npy");
        NumpyWriter.npy(file, want);
        String[] arguments = new String[6 + options.length];
        System.arraycopy(
                new String[] {"verify", MODEL, "--input", INPUTS, "--expected", file.toString()}, 0, arguments, 0, 6);
        System.arraycopy(options, 0, arguments, 6, options.length);
        return CommandLineRun.of(arguments);
    }
}
