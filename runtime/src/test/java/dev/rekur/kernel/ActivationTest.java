package dev.rekur.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Expected values are those of Keras 3.15.1 on TensorFlow 2.21.0, in float32. */
class ActivationTest {
    private static final Kernels KERNELS = ScalarKernels.INSTANCE;

    // name, then f(-3), f(3), f(-1), f(0.5), f(-0.5), f(6.5)
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "celu,-0.9502129554748535,3,-0.6321205496788025,0.5,-0.39346933364868164,6.5",
        "elu,-0.9502129554748535,3,-0.6321205496788025,0.5,-0.39346933364868164,6.5",
        "exponential,0.049787070602178574,20.08553695678711,0.3678794503211975,1.6487212181091309,0.6065306663513184,665.1416625976562",
        "gelu,-0.004049696493893862,2.995950222015381,-0.15865525603294373,0.3457312285900116,-0.1542687714099884,6.5",
        "hard_shrink,-3,3,-1,0,0,6.5",
        "hard_sigmoid,0,1,0.3333333432674408,0.5833333134651184,0.4166666567325592,1",
        "hard_silu,0,3,-0.3333333432674408,0.2916666567325592,-0.2083333283662796,6.5",
        "hard_swish,0,3,-0.3333333432674408,0.2916666567325592,-0.2083333283662796,6.5",
        "hard_tanh,-1,1,-1,0.5,-0.5,1",
        "leaky_relu,-0.6000000238418579,3,-0.20000000298023224,0.5,-0.10000000149011612,6.5",
        "linear,-3,3,-1,0.5,-0.5,6.5",
        "log_sigmoid,-3.0485870838165283,-0.04858735576272011,-1.31326162815094,-0.4740769863128662,-0.9740769267082214,-0.0015023101586848497",
        "mish,-0.14564748108386993,2.98653507232666,-0.30340149998664856,0.37524518370628357,-0.22074377536773682,6.499970436096191",
        "relu,0,3,0,0.5,0,6.5",
        "relu6,0,3,0,0.5,0,6",
        "selu,-1.6705687046051025,3.1521029472351074,-1.1113307476043701,0.5253505110740662,-0.6917581558227539,6.829556465148926",
        "sigmoid,0.04742586612701416,0.9525741338729858,0.26894140243530273,0.622459352016449,0.3775406777858734,0.998498797416687",
        "silu,-0.14227759838104248,2.857722282409668,-0.26894140243530273,0.3112296760082245,-0.1887703388929367,6.490242004394531",
        "swish,-0.14227759838104248,2.857722282409668,-0.26894140243530273,0.3112296760082245,-0.1887703388929367,6.490242004394531",
        "soft_shrink,-2.5,2.5,-0.5,0,0,6",
        "softplus,0.04858735576272011,3.0485870838165283,0.3132616877555847,0.9740769267082214,0.4740769863128662,6.501502513885498",
        "softsign,-0.75,0.75,-0.5,0.3333333432674408,-0.3333333432674408,0.8666666746139526",
        "sparse_plus,0,3,0,0.5625,0.0625,6.5",
        "sparse_sigmoid,0,1,0,0.75,0.25,1",
        "squareplus,0.30277562141418457,3.3027756214141846,0.6180340051651001,1.2807763814926147,0.7807763814926147,6.650367736816406",
        "tanh,-0.9950547218322754,0.9950547218322754,-0.7615941762924194,0.46211713552474976,-0.46211713552474976,0.9999954104423523",
        "tanh_shrink,-2.0049452781677246,2.0049452781677246,-0.23840582370758057,0.037882864475250244,-0.037882864475250244,5.500004768371582"
    })
    void agreesWithKeras(String name, float m3, float p3, float m1, float half, float minusHalf, float p65) {
        Activation function = Activation.named(name, 3).orElseThrow();
        float[] inputs = {-3f, 3f, -1f, 0.5f, -0.5f, 6.5f};
        float[] expected = {m3, p3, m1, half, minusHalf, p65};
        for (int i = 0; i < inputs.length; i++) {
            // both round a few times; differences like x - tanh(x) carry the error of their terms
            double bound = 6 * 0x1p-24 * Math.max(Math.abs(expected[i]), Math.min(1, Math.abs(inputs[i])));
            assertThat(function.apply(inputs[i])).as("%s(%s)", name, inputs[i]).isCloseTo(expected[i], within((float)
                    bound));
        }
    }

    // name, then f(NaN), f(infinity), f(-infinity), f(88.8), f(-104.5), f(1e30), as TensorFlow gives them
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "celu,NaN,Infinity,-1,88.8,-1,1e30",
        "elu,NaN,Infinity,-1,88.8,-1,1e30",
        "exponential,NaN,Infinity,0,Infinity,0,Infinity",
        "gelu,NaN,Infinity,NaN,88.8,0,1e30",
        "hard_shrink,0,Infinity,-Infinity,88.8,-104.5,1e30",
        "hard_sigmoid,NaN,1,0,1,0,1",
        "hard_silu,NaN,Infinity,NaN,88.8,0,1e30",
        "hard_tanh,NaN,1,-1,1,-1,1",
        "leaky_relu,NaN,Infinity,-Infinity,88.8,-20.9,1e30",
        "log_sigmoid,NaN,0,-Infinity,0,-104.5,0",
        "mish,NaN,Infinity,NaN,88.8,0,1e30",
        "relu,NaN,Infinity,0,88.8,0,1e30",
        "relu6,NaN,6,0,6,0,6",
        "selu,NaN,Infinity,-1.7580993,93.3022537,-1.7580993,1.050701e30",
        "sigmoid,NaN,1,0,1,0,1",
        "silu,NaN,Infinity,NaN,88.8,0,1e30",
        "soft_shrink,0,Infinity,-Infinity,88.3,-104,1e30",
        "softplus,NaN,Infinity,0,88.8,0,1e30",
        "softsign,NaN,NaN,NaN,0.98886412,-0.99052131,1",
        "sparse_plus,NaN,Infinity,0,88.8,0,1e30",
        "sparse_sigmoid,NaN,1,0,1,0,1",
        "squareplus,NaN,Infinity,NaN,88.811264,0.00956726,Infinity",
        "tanh,NaN,1,-1,1,-1,1",
        "tanh_shrink,NaN,Infinity,-Infinity,87.8,-103.5,1e30"
    })
    void agreesWithTensorFlowAtTheEdges(
            String name, float nan, float infinity, float minusInfinity, float p88, float m104, float huge) {
        Activation function = Activation.named(name, 3).orElseThrow();
        float[] inputs = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 88.8f, -104.5f, 1e30f};
        float[] expected = {nan, infinity, minusInfinity, p88, m104, huge};
        for (int i = 0; i < inputs.length; i++) {
            float actual = function.apply(inputs[i]);
            if (Float.isNaN(expected[i]) || Float.isInfinite(expected[i])) {
                assertThat(actual).as("%s(%s)", name, inputs[i]).isEqualTo(Float.valueOf(expected[i]));
            } else {
                // TensorFlow flushes subnormals to zero, Rekur does not
                float bound = Math.max(Float.MIN_NORMAL, 4 * Math.ulp(expected[i]));
                assertThat(actual).as("%s(%s)", name, inputs[i]).isCloseTo(expected[i], within(bound));
            }
        }
    }

    @Test
    void hardSigmoidIsSteeperInKeras2() {
        assertThat(Activation.named("hard_sigmoid", 2)).contains(Activation.HARD_SIGMOID_KERAS2);
        assertThat(Activation.named("hard_sigmoid", 3)).contains(Activation.HARD_SIGMOID);
        assertThat(Activation.HARD_SIGMOID_KERAS2.apply(-1f)).isEqualTo(0.3f);
        assertThat(Activation.HARD_SIGMOID_KERAS2.apply(2.5f)).isEqualTo(1f);
        assertThat(Activation.HARD_SIGMOID_KERAS2.apply(-3f)).isEqualTo(0f);
        assertThat(Activation.HARD_SIGMOID_KERAS2.apply(Float.NaN)).isNaN();
    }

    @Test
    void namesAreThoseOfTheKerasThatWroteThem() {
        assertThat(Activation.named("swish", 2)).contains(Activation.SILU);
        assertThat(Activation.named("squareplus", 2)).isEmpty();
        assertThat(Activation.named("squareplus", 3)).contains(Activation.SQUAREPLUS);
        assertThat(Activation.named("threshold", 3)).isEmpty();
        assertThat(Activation.named("Tanh", 3)).isEmpty();
        assertThat(Activation.names()).hasSize(31).isSorted().contains("hard_swish", "glu", "tanh");
        for (String name : Activation.names()) {
            assertThat(Activation.named(name, 3)).as(name).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void applyToGivesTheSameWhetherRowsTouchOrNot(Activation function) {
        if (function.halvesFeatures()) {
            assertThatThrownBy(() -> function.applyTo(KERNELS, new float[8], 0, 1, 8, 8))
                    .isInstanceOf(IllegalArgumentException.class);
            return;
        }
        float[] dense = Floats.random(new Random(3), 3 * 21 + 16);
        float[] sparse = new float[200];
        java.util.Arrays.fill(sparse, 99f);
        for (int r = 0; r < 3; r++) {
            System.arraycopy(dense, r * 21, sparse, 100 - r * 40, 21);
        }
        float[] before = dense.clone();
        function.applyTo(KERNELS, dense, 0, 3, 21, 21);
        function.applyTo(KERNELS, sparse, 100, 3, -40, 21);
        int canaries = 0;
        for (int i = 0; i < sparse.length; i++) {
            canaries += sparse[i] == 99f ? 1 : 0;
        }
        assertThat(canaries).isEqualTo(200 - 3 * 21);
        for (int r = 0; r < 3; r++) {
            for (int j = 0; j < 21; j++) {
                assertThat(sparse[100 - r * 40 + j]).isEqualTo(dense[r * 21 + j]);
                if (function.isElementwise()) {
                    assertThat(dense[r * 21 + j]).isEqualTo(function.apply(before[r * 21 + j]));
                }
            }
        }
    }

    @Test
    void softmaxIsAsInKeras() {
        assertThat(row(Activation.SOFTMAX, 1000f, 999f, -1000f)).containsExactly(0.7310586f, 0.26894143f, 0f);
        assertThat(row(Activation.SOFTMAX, 1f, Float.NEGATIVE_INFINITY, 2f)[1]).isEqualTo(0f);
        assertThat(row(Activation.SOFTMAX, 3f)).containsExactly(1f);
        assertThat(row(Activation.SOFTMAX, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY))
                .containsOnly(Float.NaN);
    }

    @Test
    void logSoftmaxIsAsInKeras() {
        assertThat(row(Activation.LOG_SOFTMAX, 1000f, 999f, -1000f))
                .containsExactly(new float[] {-0.31326166f, -1.3132616f, -2000.3132f}, within(1e-6f));
        assertThat(row(Activation.LOG_SOFTMAX, 3f)).containsExactly(0f);
    }

    @Test
    void sparsemaxIsAsInKerasAlsoWhereThatIsNotTheProjectionOfThePaper() {
        assertThat(row(Activation.SPARSEMAX, 1000f, 999f, -1000f)).containsExactly(1f, 0f, 0f);
        assertThat(row(Activation.SPARSEMAX, 0.5f, 0.25f, -3f)).containsExactly(0.375f, 0.125f, 0f);
        assertThat(row(Activation.SPARSEMAX, 3f)).containsExactly(1f);
        assertThat(row(Activation.SPARSEMAX, 1f, Float.NaN)[1]).isNaN();
    }

    @Test
    void gluMultipliesOneHalfWithTheSigmoidOfTheOther() {
        float[] values = {1f, 2f, 3f, -1f, 0f, 1f};
        float[] out = new float[20];
        Activation.glu(KERNELS, 1, values, 0, 6, 6, out, 1, 3);
        assertThat(out).startsWith(0f, Arithmetic.sigmoid(-1f), 1f, 3 * Arithmetic.sigmoid(1f), 0f);
    }

    @Test
    void functionsOfRowsRefuseSingleValues() {
        assertThatThrownBy(() -> Activation.SOFTMAX.apply(1f))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("softmax is not elementwise");
    }

    private static float[] row(Activation function, float... values) {
        float[] padded = java.util.Arrays.copyOf(values, values.length + 16);
        function.applyTo(KERNELS, padded, 0, 1, values.length, values.length);
        return java.util.Arrays.copyOf(padded, values.length);
    }
}
