package dev.rekur.training.initializer;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializersTest {
    static List<TrainingVectors> cases() {
        return TrainingVectors.of("initializer/initializers.json");
    }

    @Test
    void everyCaseOfTheGeneratorIsThere() {
        assertThat(cases()).hasSize(31);
    }

    /** Both are samples of 12,000 values or more; differences of five standard errors are allowed. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void valuesAreDistributedAsKerasDrawsThem(TrainingVectors vectors) {
        Initializer initializer = read(vectors.get("initializer"));
        Shape shape = vectors.shape("shape");
        float[] values = new float[shape.size()];
        initializer.fill(values, shape, 42);
        if (vectors.has("values")) {
            assertThat(values).isEqualTo(vectors.floats("values"));
            return;
        }
        double mean = 0;
        double fourth = 0;
        float least = Float.POSITIVE_INFINITY;
        float greatest = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            mean += value / values.length;
            fourth += Math.pow(value, 4) / values.length;
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean) / values.length;
        }
        double deviation = vectors.number("deviation");
        double standardError = Math.sqrt(2.0 / values.length);
        assertThat(mean).isCloseTo(vectors.number("mean"), within(5 * standardError * deviation));
        assertThat(Math.sqrt(squares)).isCloseTo(deviation, within(5 * standardError * deviation));
        double wantFourth = vectors.number("fourth");
        assertThat(fourth).isCloseTo(wantFourth, within(25 * standardError * wantFourth));
        boolean bounded = !(initializer.className().equals("RandomNormal")
                || initializer.className().equals("Orthogonal")
                || initializer.parameters().containsValue("untruncated_normal"));
        if (bounded) {
            assertThat(least).isCloseTo((float) vectors.number("least"), within((float) (0.01 * deviation)));
            assertThat(greatest).isCloseTo((float) vectors.number("greatest"), within((float) (0.01 * deviation)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void writingAndReadingGivesTheSameInitializer(TrainingVectors vectors) {
        Initializer initializer = read(vectors.get("initializer"));
        assertThat(read(Initializers.serialized(initializer))).isEqualTo(initializer);
    }

    @Test
    void equalSeedsGiveEqualValuesAndOthersDoNot() {
        Shape shape = Shape.of(8, 8);
        for (String name : List.of("glorot_uniform", "he_normal", "orthogonal", "normal", "uniform")) {
            float[] first = filled(name, shape, 1);
            assertThat(filled(name, shape, 1)).isEqualTo(first);
            assertThat(filled(name, shape, 2)).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"40 25", "25 40", "5 8 13", "1 7", "30 30"})
    void orthogonalMatricesHaveOrthonormalVectors(String extents) {
        Shape shape = Shape.of(Arrays.stream(extents.split(" ", -1))
                .mapToInt(Integer::parseInt)
                .toArray());
        float[] values = filled("Orthogonal", shape, 9);
        int columns = shape.last();
        int rows = values.length / columns;
        boolean tall = rows >= columns;
        int count = Math.min(rows, columns);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < count; j++) {
                double dot = 0;
                for (int k = 0; k < Math.max(rows, columns); k++) {
                    dot += tall
                            ? (double) values[k * columns + i] * values[k * columns + j]
                            : (double) values[i * columns + k] * values[j * columns + k];
                }
                assertThat(dot).isCloseTo(i == j ? 1 : 0, within(1e-6));
            }
        }
    }

    @Test
    void shapesAndNamesThatWillNotDoAreRefused() {
        assertThatThrownBy(() -> filled("Orthogonal", Shape.of(3), 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> filled("identity", Shape.of(3), 1)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Initializers.named("stft"))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("GlorotUniform");
    }

    private static float[] filled(String name, Shape shape, long seed) {
        float[] values = new float[shape.size()];
        Initializers.named(name).fill(values, shape, seed);
        return values;
    }

    private static Initializer read(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Initializer initializer =
                Initializers.fromConfig("$", serialized, problems).orElseThrow();
        assertThat(problems).isEmpty();
        return initializer;
    }
}
