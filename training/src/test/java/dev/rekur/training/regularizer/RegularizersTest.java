package dev.rekur.training.regularizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.tensor.Shape;
import dev.rekur.training.TrainingVectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegularizersTest {
    private static final double TOLERANCE = 2e-6;

    static List<TrainingVectors> cases() {
        return TrainingVectors.of("regularizer/regularizers.json");
    }

    @Test
    void everyCaseOfTheGeneratorIsThere() {
        assertThat(cases()).hasSize(17);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void costAndGradientAreThoseOfKeras(TrainingVectors vectors) {
        Regularizer regularizer = read(vectors.get("regularizer"));
        Shape shape = vectors.shape("shape");
        float[] weights = vectors.floats("weights");
        regularizer.check("kernel", shape);
        assertThat(regularizer.value(weights, shape)).isCloseTo(vectors.number("value"), within(TOLERANCE));
        float[] gradient = new float[weights.length];
        regularizer.addGradient(weights, shape, gradient);
        TrainingVectors.assertClose("gradient", gradient, vectors.floats("gradient"), TOLERANCE);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theGradientIsAddedToWhatIsThereAndNothingBehindIsTouched(TrainingVectors vectors) {
        Regularizer regularizer = read(vectors.get("regularizer"));
        Shape shape = vectors.shape("shape");
        int size = shape.size();
        float[] weights = Arrays.copyOf(vectors.floats("weights"), size + 3);
        float[] gradient = new float[size + 3];
        Arrays.fill(gradient, 1f);
        Arrays.fill(weights, size, size + 3, 100f);
        regularizer.addGradient(weights, shape, gradient);
        float[] want = vectors.floats("gradient");
        for (int i = 0; i < size; i++) {
            assertThat(gradient[i]).isCloseTo(1 + want[i], within((float) TOLERANCE));
        }
        assertThat(gradient).endsWith(1f, 1f, 1f);
        assertThat(regularizer.value(weights, shape)).isCloseTo(vectors.number("value"), within(TOLERANCE));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writingAndReadingGivesTheSameRegularizer(TrainingVectors vectors) {
        Regularizer regularizer = read(vectors.get("regularizer"));
        assertThat(read(regularizer.serialized())).isEqualTo(regularizer);
    }

    @Test
    void namesHaveKerasDefaults() {
        assertThat(Regularizers.named("l2")).isEqualTo(L1L2.l2(0.01));
        assertThat(Regularizers.named("L1")).isEqualTo(L1L2.l1(0.01));
        assertThat(Regularizers.named("l1l2")).isEqualTo(L1L2.of(0, 0));
        assertThat(read(Map.of("class_name", "L1L2", "config", Map.of("l1", 0.0, "l2", 0.5))))
                .isEqualTo(L1L2.of(0, 0.5));
        assertThat(Regularizers.fromConfig("$", null, new ArrayList<>())).isEmpty();
        assertThatThrownBy(() -> Regularizers.named("l3"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("regularizer 'l3'")
                .hasMessageContaining("OrthogonalRegularizer");
    }

    @Test
    void vectorsOfZerosAndSingleVectorsDoNotEndATrainingInNan() {
        Regularizer rows = Regularizers.named("orthogonal_regularizer");
        float[] gradient = new float[4];
        rows.addGradient(new float[] {0, 0, 1, 2}, Shape.of(2, 2), gradient);
        assertThat(gradient).containsExactly(0f, 0f, 0f, 0f);
        assertThat(rows.value(new float[] {1, 2}, Shape.of(1, 2))).isZero();
        assertThatThrownBy(() -> rows.check("bias", Shape.of(3)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'bias'");
    }

    private static Regularizer read(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Regularizer regularizer =
                Regularizers.fromConfig("$", serialized, problems).orElseThrow();
        assertThat(problems).isEmpty();
        return regularizer;
    }
}
