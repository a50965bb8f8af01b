package dev.rekur.training.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.layer.KerasVersion;
import dev.rekur.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two rows of three steps, whose losses are 1 to 6; the mask leaves out the last step of each. */
class LossReductionTest {
    private static final boolean[] MASK = {true, true, false, true, true, false};

    @ParameterizedTest
    @CsvSource({
        "2.2.4, 3",
        "2.1.6-tf, 3",
        "2.3.1, 2",
        "2.2.4-tf, 2",
        "2.9.0, 2",
        "2.10.0, 3",
        "3.0.5, 3",
        "3.15.1, 3",
    })
    void masks(String version, double expected) {
        assertThat(reduced(LossReduction.SUM_OVER_BATCH_SIZE, new VectorWeights(null, false, MASK, of(version))))
                .isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"2.2.4, 4", "2.3.1, 2", "2.9.0, 2", "2.15.0, 2", "3.15.1, 2"})
    void rowsOfWeightZero(String version, double expected) {
        assertThat(reduced(
                        LossReduction.SUM_OVER_BATCH_SIZE,
                        new VectorWeights(new float[] {2, 0}, false, null, of(version))))
                .isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"2.2.4, 3", "2.3.1, 1", "2.9.0, 1", "2.15.0, 1.5", "3.15.1, 1.5"})
    void masksAndRowsOfWeightZero(String version, double expected) {
        assertThat(reduced(
                        LossReduction.SUM_OVER_BATCH_SIZE,
                        new VectorWeights(new float[] {2, 0}, false, MASK, of(version))))
                .isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"2.2.4, 12", "2.3.1, 12", "2.15.0, 12", "3.15.1, 12"})
    void sumsAreDividedByNothing(String version, double expected) {
        assertThat(reduced(LossReduction.SUM, new VectorWeights(null, false, MASK, of(version))))
                .isCloseTo(expected, within(1e-9));
    }

    /** The loss; and looks whether the gradient is that of it, what each vector's loss counts. */
    private static double reduced(LossReduction reduction, VectorWeights weights) {
        Loss loss = Losses.named("mse").withReduction(reduction);
        TargetAlignment alignment = TargetAlignment.of("o", Shape.of(-1, 3, 1), Shape.of(-1, 3, 1));
        float[] values = {1, 2, 3, 4, 5, 6};
        float[] gradient = {1, 1, 1, 1, 1, 1};
        double reduced = loss.reduce(2, alignment, new float[6], values, weights, gradient);
        double sum = 0;
        for (int v = 0; v < values.length; v++) {
            sum += gradient[v] * values[v];
        }
        assertThat(sum).isCloseTo(reduced, within(1e-6));
        return reduced;
    }

    private static KerasVersion of(String version) {
        return KerasVersion.parse(version).orElseThrow();
    }
}
