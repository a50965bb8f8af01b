package dev.rekur.training.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Weights;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a training comes back as it was; a file that is not one is refused in words, whatever is in it. */
class CheckpointTest {
    private static final long BEYOND_FLOATS = (1L << 24) + 1;
    private static final WeightSpec KERNEL = new WeightSpec("", "kernel", Shape.of(2, 3), true);
    private static final FloatTensor VALUES = FloatTensor.wrap(Shape.of(2, 3), new float[] {1, 2, 3, 4, 5, Float.NaN});
    private static final List<Variable> VARIABLES = List.of(new Variable("dense", KERNEL, true, VALUES));

    @TempDir
    private Path folder;

    private static Checkpoint checkpoint(Map<String, Object> callbacks) {
        return new Checkpoint(
                7,
                new Checkpoint.Place(3, 2, 64, 10, List.of(new double[] {0.1, 64}, new double[0])),
                BEYOND_FLOATS,
                true,
                Weights.builder().put("dense", KERNEL, VALUES).build(),
                List.of(
                        OptimizerVariable.whole("vars/0", BEYOND_FLOATS),
                        new OptimizerVariable("vars/1", FloatTensor.wrap(Shape.of(), new float[] {0.01f}))),
                new Checkpoint.States(1, List.of(new float[] {1, 2})),
                callbacks);
    }

    private byte[] written() throws IOException {
        checkpoint(Map.of("callbacks", List.of(Map.of("best", "0.5", "wait", 3L, "on", true, "rates", List.of(0.25)))))
                .write(folder, VARIABLES);
        return Files.readAllBytes(folder.resolve(Checkpoint.FILE));
    }

    private Checkpoint read() {
        return Checkpoint.read(folder, VARIABLES).orElseThrow();
    }

    /** Makes the checksum right: it keeps accidents out, not enemies. */
    private void replace(byte[] bytes) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(bytes, 0, bytes.length - Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, checksum.getValue());
        Files.write(folder.resolve(Checkpoint.FILE), bytes);
    }

    @Test
    void whatIsKeptComesBackToTheLastBitAndStep() throws IOException {
        written();
        Checkpoint read = read();
        assertThat(read)
                .usingRecursiveComparison()
                .ignoringFields("weights", "callbacks")
                .isEqualTo(checkpoint(Map.of()));
        assertThat(read.weights().get("dense", "kernel")).isEqualTo(VALUES);
        assertThat(read.optimizerVariables().get(0).whole()).isEqualTo(BEYOND_FLOATS);
        assertThat(read.callbacks())
                .isEqualTo(Map.of(
                        "callbacks", List.of(Map.of("best", "0.5", "wait", 3L, "on", true, "rates", List.of(0.25)))));
    }

    @Test
    void aFileThatEndsEarlyIsRefusedInWords() throws IOException {
        byte[] whole = written();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            Files.write(folder.resolve(Checkpoint.FILE), part);
            assertThatThrownBy(this::read)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageNotContaining("null");
            if (length >= 2 * Long.BYTES) {
                replace(part);
                assertThatThrownBy(this::read)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void whateverAFileClaimsNothingButATypedErrorComesOfIt() throws IOException {
        byte[] whole = written();
        int[] claims = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 0};
        for (int at = Long.BYTES; at + Integer.BYTES <= whole.length - Long.BYTES; at++) {
            for (int claim : claims) {
                byte[] hostile = whole.clone();
                ByteBuffer.wrap(hostile).putInt(at, claim);
                requireTypedErrorAtMost(hostile, "byte " + at + " is " + claim);
            }
        }
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            byte[] hostile = whole.clone();
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                hostile[random.nextInt(Long.BYTES, hostile.length)] = (byte) random.nextInt();
            }
            requireTypedErrorAtMost(hostile, "random file " + i);
        }
    }

    private void requireTypedErrorAtMost(byte[] hostile, String what) throws IOException {
        replace(hostile);
        assertThatCode(() -> {
                    try {
                        read();
                    } catch (InvalidInputException refused) {
                        assertThat(refused).hasMessageContaining("docs/TROUBLESHOOTING.md#resume");
                    }
                })
                .as(what)
                .doesNotThrowAnyException();
    }

    @Test
    void aStateThatWouldNotComeBackAsItIsIsNotWritten() {
        Map<String, Object> state = Map.of("callbacks", List.of(Map.of("since", Instant.EPOCH)));
        assertThatThrownBy(() -> checkpoint(state).write(folder, VARIABLES))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("callbacks.callbacks[0].since: expected")
                .hasMessageContaining("found java.time.Instant");
        assertThat(folder).isEmptyDirectory();
    }
}
