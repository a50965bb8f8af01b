package dev.rekur.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The functions of {@code keras.activations} (Keras 3.15.1, {@code keras/src/activations/activations.py}) with their
 * default parameters, as they behave on TensorFlow: NaN, infinities and signed zeros included, except that Rekur does not
 * flush subnormals to zero.
 *
 * <p>{@code threshold} is absent: it has parameters without defaults, so that no configuration can name it alone.
 *
 * <p>Each formula stands once, here, in {@link Arithmetic} or in {@link RowFunctions}; vector kernels repeat it operation
 * by operation, and every provider gives the same bits (a NaN's payload apart).
 */
public enum Activation {
    /** {@code x}. */
    LINEAR("linear", true),
    /** {@code max(x, 0)}. */
    RELU("relu", true),
    /** {@code min(max(x, 0), 6)}. */
    RELU6("relu6", true),
    /** {@code x} if {@code x > 0}, else {@code 0.2 x}. */
    LEAKY_RELU("leaky_relu", true),
    /** {@code x} if {@code x > 0}, else {@code e^x - 1}. */
    ELU("elu", true),
    /** {@code 1.0507 x} if {@code x > 0}, else {@code 1.7581 (e^x - 1)}. */
    SELU("selu", true),
    /** With the default parameter, {@link #ELU}. */
    CELU("celu", false),
    /** Hyperbolic tangent. */
    TANH("tanh", true),
    /** {@code 1 / (1 + e^-x)}. */
    SIGMOID("sigmoid", true),
    /** Keras 3's: {@code min(max(x + 3, 0), 6) / 6}. */
    HARD_SIGMOID("hard_sigmoid", false),
    /** Keras 2's: {@code 0.2 x + 0.5}, clipped to 0 and 1. */
    HARD_SIGMOID_KERAS2("hard_sigmoid", true),
    /** {@code e^x}. */
    EXPONENTIAL("exponential", true),
    /** {@code x sigmoid(x)}, also called swish. */
    SILU("silu", true),
    /** {@code x hard_sigmoid(x)}, also called hard_swish. */
    HARD_SILU("hard_silu", false),
    /** {@code x} times the normal distribution function, exact (not the tanh approximation). */
    GELU("gelu", true),
    /** {@code log(1 + e^x)}. */
    SOFTPLUS("softplus", true),
    /** {@code x / (1 + |x|)}. */
    SOFTSIGN("softsign", true),
    /** {@code x tanh(softplus(x))}. */
    MISH("mish", true),
    /** {@code (x + sqrt(x^2 + 4)) / 2}. */
    SQUAREPLUS("squareplus", false),
    /** {@code log(sigmoid(x))}. */
    LOG_SIGMOID("log_sigmoid", false),
    /** {@code x - tanh(x)}. */
    TANH_SHRINK("tanh_shrink", false),
    /** {@code x} moved towards 0 by 0.5, at most to 0. */
    SOFT_SHRINK("soft_shrink", false),
    /** {@code x} if {@code |x| > 0.5}, else 0. */
    HARD_SHRINK("hard_shrink", false),
    /** {@code x} clipped to -1 and 1. */
    HARD_TANH("hard_tanh", false),
    /** 0 up to -1, {@code x} from 1 on, {@code (x + 1)^2 / 4} between. */
    SPARSE_PLUS("sparse_plus", false),
    /** {@code (x + 1) / 2}, clipped to 0 and 1. */
    SPARSE_SIGMOID("sparse_sigmoid", false),
    /** {@code e^x / sum e^x} along the row. */
    SOFTMAX("softmax", true),
    /** {@code x - log(sum e^x)} along the row. */
    LOG_SOFTMAX("log_softmax", true),
    /** {@code max(x - t, 0)}, with the t for which the row sums to 1. */
    SPARSEMAX("sparsemax", false),
    /** {@code a sigmoid(b)}, where a is the first half of the row and b the second. */
    GLU("glu", false);

    /** Slope of {@link #LEAKY_RELU} below 0. */
    public static final float LEAK = 0.2f;
    /** Slope of {@link #SELU} above 0. */
    public static final float SELU_SCALE = 1.0507009873554805f;
    /** What {@link #SELU} falls to, negated. */
    public static final float SELU_SCALE_ALPHA = 1.7580993408473768f;

    private final String kerasName;
    private final boolean inKeras2;

    Activation(String kerasName, boolean inKeras2) {
        this.kerasName = kerasName;
        this.inKeras2 = inKeras2;
    }

    /**
     * The function that Keras means by a name.
     *
     * @param kerasMajor the major version of the Keras that wrote the name: {@code hard_sigmoid} changed with 3, and many
     *     functions exist since 3 only
     * @return empty if that Keras has no such function, or none that needs no parameters
     */
    public static Optional<Activation> named(String kerasName, int kerasMajor) {
        boolean keras3 = kerasMajor >= 3;
        String name =
                switch (kerasName) {
                    case "swish" -> "silu";
                    case "hard_swish" -> "hard_silu";
                    default -> kerasName;
                };
        for (Activation function : values()) {
            boolean exists = keras3 ? function != HARD_SIGMOID_KERAS2 : function.inKeras2;
            if (exists && function.kerasName.equals(name)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }

    /** Every name that {@link #named} knows, for messages: sorted, aliases included. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(List.of("swish", "hard_swish"));
        for (Activation function : values()) {
            if (function != HARD_SIGMOID_KERAS2) {
                names.add(function.kerasName);
            }
        }
        names.sort(null);
        return List.copyOf(names);
    }

    /** The name in Keras's configurations. */
    public String kerasName() {
        return kerasName;
    }

    /** Whether each output depends on one input only, so that {@link #apply} and {@link Kernels#activate} work. */
    public boolean isElementwise() {
        return switch (this) {
            case SOFTMAX, LOG_SOFTMAX, SPARSEMAX, GLU -> false;
            default -> true;
        };
    }

    /** Whether rows of 2n features become rows of n: true of {@link #GLU} only, see {@link #glu}. */
    public boolean halvesFeatures() {
        return this == GLU;
    }

    /**
     * The function of one value.
     *
     * @throws IllegalArgumentException if the function is not elementwise
     */
    public float apply(float x) {
        return switch (this) {
            case LINEAR -> x;
            case RELU -> x <= 0f ? 0f : x;
            case RELU6 -> clip(x, 0f, 6f);
            case LEAKY_RELU -> x > 0f ? x : LEAK * x;
            case ELU, CELU -> x >= 0f ? x : Arithmetic.expm1OfNegative(x);
            case SELU -> x >= 0f ? SELU_SCALE * x : SELU_SCALE_ALPHA * Arithmetic.expm1OfNegative(x);
            case TANH -> Arithmetic.tanh(x);
            case SIGMOID -> Arithmetic.sigmoid(x);
            case HARD_SIGMOID -> clip(x + 3f, 0f, 6f) / 6f;
            case HARD_SIGMOID_KERAS2 -> clip(0.2f * x + 0.5f, 0f, 1f);
            case EXPONENTIAL -> Arithmetic.exp(x);
            case SILU -> x * Arithmetic.sigmoid(x);
            case HARD_SILU -> x * (clip(x + 3f, 0f, 6f) / 6f);
            case GELU -> RareFunctions.gelu(x);
            case SOFTPLUS -> RareFunctions.softplus(x);
            case SOFTSIGN -> x / (1f + Math.abs(x));
            case MISH -> RareFunctions.mish(x);
            case SQUAREPLUS -> (x + (float) Math.sqrt(x * x + 4f)) / 2f;
            case LOG_SIGMOID -> -RareFunctions.softplus(-x);
            case TANH_SHRINK -> x - Arithmetic.tanh(x);
            case SOFT_SHRINK -> x > 0.5f ? x - 0.5f : x < -0.5f ? x + 0.5f : 0f;
            case HARD_SHRINK -> Math.abs(x) > 0.5f ? x : 0f;
            case HARD_TANH -> clip(x, -1f, 1f);
            case SPARSE_PLUS -> x <= -1f ? 0f : x < 1f ? 0.25f * ((x + 1f) * (x + 1f)) : x;
            case SPARSE_SIGMOID -> x <= -1f ? 0f : x >= 1f ? 1f : 0.5f * (x + 1f);
            case SOFTMAX, LOG_SOFTMAX, SPARSEMAX, GLU ->
                throw new IllegalArgumentException(kerasName + " is not elementwise: it needs the whole row");
        };
    }

    /**
     * Applies the function in place to {@code rows} rows of {@code features} values; row {@code r} begins at {@code at + r *
     * stride}.
     *
     * @throws IllegalArgumentException if the function {@link #halvesFeatures}
     */
    public void applyTo(Kernels kernels, float[] values, int at, int rows, int stride, int features) {
        if (this == LINEAR) {
            return;
        }
        if (stride == features && isElementwise()) {
            kernels.activate(this, values, at, rows * features);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int rowAt = at + r * stride;
            switch (this) {
                case SOFTMAX -> RowFunctions.softmax(kernels, values, rowAt, features);
                case LOG_SOFTMAX -> RowFunctions.logSoftmax(values, rowAt, features);
                case SPARSEMAX -> RowFunctions.sparsemax(values, rowAt, features);
                case GLU -> throw new IllegalArgumentException("glu halves the features: use Activation.glu");
                default -> kernels.activate(this, values, rowAt, features);
            }
        }
    }

    /**
     * The gated linear unit: {@code out[r, j] = values[r, j] * sigmoid(values[r, n + j])} for {@code n = features / 2}.
     *
     * @param features features of a row of {@code values}, even; a row of {@code out} has half as many
     * @param out must not overlap {@code values}
     */
    public static void glu(
            Kernels kernels,
            int rows,
            float[] values,
            int at,
            int stride,
            int features,
            float[] out,
            int outAt,
            int outStride) {
        int half = features / 2;
        for (int r = 0; r < rows; r++) {
            int a = at + r * stride;
            int to = outAt + r * outStride;
            System.arraycopy(values, a + half, out, to, half);
            kernels.activate(SIGMOID, out, to, half);
            for (int j = 0; j < half; j++) {
                out[to + j] = values[a + j] * out[to + j];
            }
        }
    }

    /** {@link #apply} for each element; the common functions have loops of their own, which C2 compiles without the switch. */
    void applyToEach(float[] values, int at, int length) {
        int end = at + length;
        switch (this) {
            case LINEAR -> {}
            case TANH -> {
                for (int i = at; i < end; i++) {
                    values[i] = Arithmetic.tanh(values[i]);
                }
            }
            case SIGMOID -> {
                for (int i = at; i < end; i++) {
                    values[i] = Arithmetic.sigmoid(values[i]);
                }
            }
            case EXPONENTIAL -> {
                for (int i = at; i < end; i++) {
                    values[i] = Arithmetic.exp(values[i]);
                }
            }
            case RELU -> {
                for (int i = at; i < end; i++) {
                    float x = values[i];
                    values[i] = x <= 0f ? 0f : x;
                }
            }
            default -> {
                for (int i = at; i < end; i++) {
                    values[i] = apply(values[i]);
                }
            }
        }
    }

    /** NaN stays NaN. */
    private static float clip(float x, float least, float most) {
        return x < least ? least : x > most ? most : x;
    }
}
