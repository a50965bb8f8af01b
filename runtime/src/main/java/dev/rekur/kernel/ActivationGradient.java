package dev.rekur.kernel;

/**
 * The adjoints of {@link Activation}: {@code dz = f'(z) dy}, as Keras 3.15.1 differentiates on TensorFlow 2.21 ({@code
 * keras/src/activations/activations.py}, {@code keras/src/backend/tensorflow/nn.py}), with its choice at kinks: at 0, relu
 * has the derivative 0, leaky_relu 0.2, elu 1, and celu, as a sum of two clipped parts, 2; clipping counts the ends of its
 * range as inside, hard_sigmoid as outside.
 *
 * <p>Where the derivative follows from the output without loss, the output is what has to be saved, since layers have it
 * anyway. As in {@link Activation}, each formula stands once, vector kernels repeat it, and every provider gives the same
 * bits.
 */
public final class ActivationGradient {
    private ActivationGradient() {}

    /** Whether the adjoint needs the function's input z; if not, it needs the output y, or in {@code linear}'s case neither. */
    public static boolean needsInput(Activation function) {
        return switch (function) {
            case HARD_SIGMOID_KERAS2,
                    SILU,
                    HARD_SILU,
                    GELU,
                    SOFTSIGN,
                    MISH,
                    SQUAREPLUS,
                    TANH_SHRINK,
                    HARD_TANH,
                    SPARSE_SIGMOID,
                    SPARSEMAX,
                    GLU -> true;
            default -> false;
        };
    }

    /**
     * The gradient of one input.
     *
     * @param saved that input, or the output, see {@link #needsInput}
     * @param dy gradient of the output
     * @throws IllegalArgumentException if the function is not elementwise
     */
    public static float apply(Activation function, float saved, float dy) {
        return needsInput(function) ? fromInput(function, saved, dy) : fromOutput(function, saved, dy);
    }

    private static float fromOutput(Activation function, float y, float dy) {
        return switch (function) {
            case LINEAR -> dy;
            case RELU -> relu(y, dy);
            case RELU6 -> y > 0f && y < 6f ? dy : 0f;
            case LEAKY_RELU -> y > 0f ? dy : Activation.LEAK * dy;
            case ELU -> y < 0f ? (y + 1f) * dy : dy;
            case CELU -> y == 0f ? 2f * dy : y < 0f ? (y + 1f) * dy : dy;
            case SELU -> y < 0f ? (y + Activation.SELU_SCALE_ALPHA) * dy : Activation.SELU_SCALE * dy;
            case TANH -> tanh(y, dy);
            case SIGMOID -> sigmoid(y, dy);
            case HARD_SIGMOID -> y > 0f && y < 1f ? dy / 6f : 0f;
            case EXPONENTIAL -> y * dy;
            case SOFTPLUS -> -Arithmetic.expm1OfNegative(-y) * dy; // sigmoid(z) = 1 - e^-softplus(z)
            case LOG_SIGMOID -> -Arithmetic.expm1OfNegative(y) * dy;
            case SOFT_SHRINK, HARD_SHRINK -> y != 0f ? dy : 0f;
            case SPARSE_PLUS -> y < 1f ? (float) Math.sqrt(y) * dy : dy;
            default -> throw notElementwise(function);
        };
    }

    private static float fromInput(Activation function, float z, float dy) {
        return switch (function) {
            case HARD_SIGMOID_KERAS2 -> {
                float line = 0.2f * z + 0.5f;
                yield line >= 0f && line <= 1f ? 0.2f * dy : 0f;
            }
            case SILU -> {
                float s = Arithmetic.sigmoid(z);
                yield s * (1f + z * (1f - s)) * dy;
            }
            case HARD_SILU -> {
                float shifted = z + 3f;
                yield shifted <= 0f ? 0f : shifted >= 6f ? dy : (shifted / 6f + z / 6f) * dy;
            }
            case GELU -> RareFunctions.geluDerivative(z) * dy;
            case SOFTSIGN -> {
                float a = 1f + Math.abs(z);
                yield dy / (a * a);
            }
            case MISH -> RareFunctions.mishDerivative(z) * dy;
            case SQUAREPLUS -> 0.5f * (1f + z / (float) Math.sqrt(z * z + 4f)) * dy;
            case TANH_SHRINK -> {
                float t = Arithmetic.tanh(z);
                yield t * t * dy;
            }
            case HARD_TANH -> z >= -1f && z <= 1f ? dy : 0f;
            case SPARSE_SIGMOID -> z > -1f && z < 1f ? 0.5f * dy : 0f;
            default -> throw notElementwise(function);
        };
    }

    private static float relu(float y, float dy) {
        return y > 0f ? dy : 0f;
    }

    private static float tanh(float y, float dy) {
        return Arithmetic.fma(-y, y, 1f) * dy;
    }

    private static float sigmoid(float y, float dy) {
        return y * (1f - y) * dy;
    }

    private static IllegalArgumentException notElementwise(Activation function) {
        return new IllegalArgumentException(
                function.kerasName() + " is not elementwise: its adjoint needs the whole row");
    }

    /** {@link #apply(Activation, float, float)} for each element; the common functions have loops without the switch. */
    static void applyToEach(
            Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length) {
        switch (function) {
            case LINEAR -> {}
            case RELU -> {
                for (int i = 0; i < length; i++) {
                    gradient[gradientAt + i] = relu(saved[savedAt + i], gradient[gradientAt + i]);
                }
            }
            case TANH -> {
                for (int i = 0; i < length; i++) {
                    gradient[gradientAt + i] = tanh(saved[savedAt + i], gradient[gradientAt + i]);
                }
            }
            case SIGMOID -> {
                for (int i = 0; i < length; i++) {
                    gradient[gradientAt + i] = sigmoid(saved[savedAt + i], gradient[gradientAt + i]);
                }
            }
            default -> {
                for (int i = 0; i < length; i++) {
                    gradient[gradientAt + i] = apply(function, saved[savedAt + i], gradient[gradientAt + i]);
                }
            }
        }
    }

    /**
     * Turns gradients of outputs into gradients of inputs, in place: {@code rows} rows of {@code features} values, row {@code r} of
     * an array beginning at {@code at + r * stride}.
     *
     * @param saved inputs or outputs of the function, see {@link #needsInput}; must not overlap {@code gradient}
     * @throws IllegalArgumentException if the function {@link Activation#halvesFeatures}: see {@link #glu}
     */
    public static void apply(
            Activation function,
            Kernels kernels,
            float[] saved,
            int savedAt,
            int savedStride,
            float[] gradient,
            int gradientAt,
            int gradientStride,
            int rows,
            int features) {
        if (function == Activation.LINEAR) {
            return;
        }
        if (savedStride == features && gradientStride == features && function.isElementwise()) {
            kernels.activationGradient(function, saved, savedAt, gradient, gradientAt, rows * features);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int from = savedAt + r * savedStride;
            int to = gradientAt + r * gradientStride;
            switch (function) {
                case SOFTMAX -> RowGradients.softmax(kernels, saved, from, gradient, to, features);
                case LOG_SOFTMAX -> RowGradients.logSoftmax(kernels, saved, from, gradient, to, features);
                case SPARSEMAX -> RowGradients.sparsemax(saved, from, gradient, to, features);
                case GLU -> throw new IllegalArgumentException("glu halves the features: use ActivationGradient.glu");
                default -> kernels.activationGradient(function, saved, from, gradient, to, features);
            }
        }
    }

    /**
     * The adjoint of {@link Activation#glu}: with a and b the halves of a row of z, and s = sigmoid(b), {@code da = s dy} and {@code
     * db = a s (1 - s) dy}.
     *
     * @param z inputs of the function
     * @param features features of a row of {@code z} and {@code dz}, even; a row of {@code dy} has half as many
     * @param dz is overwritten; may be {@code z} with its place and stride, must not overlap {@code dy}
     */
    public static void glu(
            Kernels kernels,
            int rows,
            float[] z,
            int zAt,
            int zStride,
            int features,
            float[] dy,
            int dyAt,
            int dyStride,
            float[] dz,
            int dzAt,
            int dzStride) {
        int half = features / 2;
        for (int r = 0; r < rows; r++) {
            int a = zAt + r * zStride;
            int da = dzAt + r * dzStride;
            int db = da + half;
            int from = dyAt + r * dyStride;
            System.arraycopy(z, a + half, dz, db, half);
            kernels.activate(Activation.SIGMOID, dz, db, half);
            for (int j = 0; j < half; j++) {
                float s = dz[db + j];
                float open = s * dy[from + j];
                dz[db + j] = z[a + j] * (1f - s) * open;
                dz[da + j] = open;
            }
        }
    }
}
