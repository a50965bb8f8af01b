package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Keras, by {@code fixtures/generate/activation_gradients.py}. */
class ActivationGradientTest {
    private static final Kernels KERNELS = ScalarKernels.INSTANCE;
    private static final GradientVectors VECTORS = GradientVectors.read();

    /** Where a function may have a kink: there, TensorFlow alone is right. */
    private static final Set<Float> KINKS = Set.of(0f, -0f, 0.5f, -0.5f, 1f, -1f, 2.5f, -2.5f, 3f, -3f, 6f, -6f);

    static List<GradientVectors.Case> elementwise() {
        return VECTORS.cases().stream().filter(c -> c.features() == 0).toList();
    }

    static List<GradientVectors.Case> rows() {
        return VECTORS.cases().stream().filter(c -> c.features() > 0).toList();
    }

    @Test
    void thereAreVectorsForEveryFunction() {
        assertThat(VECTORS.cases().stream().map(GradientVectors.Case::function).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Activation.values());
        assertThat(elementwise()).hasSize(26).allMatch(c -> c.x().length >= 150);
        assertThat(rows()).hasSize(32);
    }

    /** In one call over all points, so that loops are tested and not single values. */
    @ParameterizedTest
    @MethodSource("elementwise")
    void elementwiseAdjointsAgreeWithKeras(GradientVectors.Case vectors) {
        float[] saved = vectors.x().clone();
        if (!ActivationGradient.needsInput(vectors.function())) {
            vectors.function().applyTo(KERNELS, saved, 0, 1, saved.length, saved.length);
        }
        float[] gradient = vectors.dy().clone();
        int n = gradient.length;
        ActivationGradient.apply(vectors.function(), KERNELS, saved, 0, n, gradient, 0, n, 1, n);
        assertAgrees(vectors, gradient);
        float[] one = new float[n];
        for (int i = 0; i < n; i++) {
            one[i] = ActivationGradient.apply(vectors.function(), saved[i], vectors.dy()[i]);
        }
        Floats.assertSameBits("one by one", one, gradient);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void adjointsOfRowFunctionsAgreeWithKeras(GradientVectors.Case vectors) {
        Activation function = vectors.function();
        int features = vectors.features();
        int rows = vectors.x().length / features;
        float[] gradient;
        if (function == Activation.GLU) {
            gradient = new float[vectors.x().length];
            ActivationGradient.glu(
                    KERNELS,
                    rows,
                    vectors.x(),
                    0,
                    features,
                    features,
                    vectors.dy(),
                    0,
                    features / 2,
                    gradient,
                    0,
                    features);
        } else {
            float[] saved = vectors.x().clone();
            if (!ActivationGradient.needsInput(function)) {
                function.applyTo(KERNELS, saved, 0, rows, features, features);
            }
            gradient = vectors.dy().clone();
            ActivationGradient.apply(function, KERNELS, saved, 0, features, gradient, 0, features, rows, features);
        }
        assertAgrees(vectors, gradient);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void rowsMayLieAnywhereAndNothingElseIsTouched(Activation function) {
        if (function.halvesFeatures()) {
            assertThatThrownBy(() ->
                            ActivationGradient.apply(function, KERNELS, new float[8], 0, 8, new float[8], 0, 8, 1, 8))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        int features = 21;
        float[] saved = Floats.random(new Random(3), 3 * features);
        float[] dense = Floats.random(new Random(4), 3 * features);
        float[] savedApart = new float[200];
        float[] apart = new float[200];
        Arrays.fill(apart, 99f);
        for (int r = 0; r < 3; r++) {
            System.arraycopy(saved, r * features, savedApart, 5 + r * 60, features);
            System.arraycopy(dense, r * features, apart, 100 - r * 40, features);
        }
        ActivationGradient.apply(function, KERNELS, saved, 0, features, dense, 0, features, 3, features);
        ActivationGradient.apply(function, KERNELS, savedApart, 5, 60, apart, 100, -40, 3, features);
        float[] together = new float[3 * features];
        for (int r = 0; r < 3; r++) {
            System.arraycopy(apart, 100 - r * 40, together, r * features, features);
            Arrays.fill(apart, 100 - r * 40, 100 - r * 40 + features, 99f);
        }
        Floats.assertSameBits("apart", dense, together);
        assertThat(apart).containsOnly(99f);
    }

    @Test
    void gluWorksInPlaceToo() {
        float[] z = Floats.random(new Random(5), 60);
        float[] dy = Floats.random(new Random(6), 30);
        float[] expected = new float[60];
        ActivationGradient.glu(KERNELS, 3, z, 0, 20, 20, dy, 0, 10, expected, 0, 20);
        ActivationGradient.glu(KERNELS, 3, z, 0, 20, 20, dy, 0, 10, z, 0, 20);
        Floats.assertSameBits("in place", expected, z);
    }

    @Test
    void functionsOfRowsRefuseSingleValues() {
        for (Activation function : Activation.values()) {
            if (!function.isElementwise()) {
                assertThatThrownBy(() -> ActivationGradient.apply(function, 1f, 1f))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("needs the whole row");
            }
        }
    }

    /**
     * Within 1e-5, absolute plus relative, of the value in float64; where TensorFlow in float32 is somewhere else, at a kink or for
     * overflow, of TensorFlow's. What Keras makes infinite or NaN is left out.
     */
    private static void assertAgrees(GradientVectors.Case vectors, float[] got) {
        for (int i = 0; i < got.length; i++) {
            Double tensorflow = vectors.tensorflow()[i];
            if (tensorflow == null) {
                continue;
            }
            Double exact = vectors.exact()[i];
            boolean kink = vectors.features() == 0 && KINKS.contains(vectors.x()[i]);
            boolean agrees = kink
                    ? near(got[i], tensorflow)
                    : near(got[i], exact) || (!near(tensorflow.floatValue(), exact) && near(got[i], tensorflow));
            if (!agrees) {
                fail(
                        "%s, element %d, x %s: TensorFlow gives %s, float64 %s, found %s",
                        vectors, i, vectors.x()[i], tensorflow, exact, got[i]);
            }
        }
    }

    private static boolean near(float got, @Nullable Double want) {
        return want != null && Math.abs(got - want) <= 1e-5 * (1 + Math.abs(want));
    }
}
