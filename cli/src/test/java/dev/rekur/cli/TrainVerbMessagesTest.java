package dev.rekur.cli;

import static dev.rekur.cli.CommandLineRun.golden;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.format.numpy.NumpyWriter;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training says that does not do what its user may have meant. */
class TrainVerbMessagesTest {
    private static final int ROWS = 20;

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = folder.resolve("data.npz");
        NumpyWriter.npz(data, Map.of("x", floats(ROWS, 5, 3), "y", floats(ROWS, 2)));
    }

    private static FloatTensor floats(int... shape) {
        float[] values = new float[Shape.of(shape).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(i * 1.7);
        }
        return FloatTensor.wrap(Shape.of(shape), values);
    }

    private CommandLineRun train(String... options) {
        List<String> words = new ArrayList<>(List.of(
                "train",
                golden("trained_adam", "model.keras"),
                "--data",
                data.toString(),
                "--output",
                folder.resolve("tuned.keras").toString()));
        words.addAll(List.of(options));
        return CommandLineRun.of(words.toArray(String[]::new));
    }

    @Test
    void thatNothingIsTrainedIsAWarning() {
        CommandLineRun run = train("--freeze", "*");
        assertThat(run.exit()).isZero();
        assertThat(run.err()).contains("no weight is trained");
    }

    @Test
    void aLossThatIsNoNumberEndsTheTrainingIfAskedTo() {
        CommandLineRun run =
                train("--optimizer", "sgd", "--learning-rate", "1e30", "--epochs", "40", "--terminate-on-nan");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("Invalid loss, terminating training").doesNotContain("Epoch 40/40");
    }
}
