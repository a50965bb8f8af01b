package dev.rekur.kernel;

/**
 * Arithmetic on arrays of floats: the only place that a vector instruction can stand behind. Stateless.
 *
 * <p>Every provider gives the same bits. Each operation fixes the order in which an output element is summed, so that
 * lanes, rows and tiling cannot show; {@link ScalarKernels} is the readable specification.
 *
 * <p>Providers may read up to 15 floats past the last element of {@code init} and {@code out}, and write those of
 * {@code out} back unchanged; callers leave {@link dev.rekur.layer.Workspace#SLACK} floats behind their buffers.
 */
public interface Kernels {
    /** What {@link #flush} leaves: the smallest normal number times 2^16, so that products with usual weights are normal too. */
    float SMALLEST_GRADIENT = 0x1p-110f;

    /** For logs and reports: {@code scalar}, {@code simd-512}. */
    String name();

    /**
     * Matrix product with an initial value: {@code out[r, j] = init[r, j] + sum over i of x[r, i] * w[i, j]}.
     *
     * <p>The accumulator starts as {@code init[r, j]}; terms are added in ascending {@code i}, each with one fused
     * multiply-add. A row {@code r} of an array begins at {@code at + r * stride}. {@code out} may be {@code init}
     * (same place, same stride); it must not overlap {@code x}. A stride of 0 in {@code init} gives every row the same
     * initial values: a bias. Strides may be negative.
     *
     * @param rows number of rows of x, init and out
     * @param w {@code [w.rows(), w.columns()]}
     */
    void multiply(
            int rows,
            float[] x,
            int xAt,
            int xStride,
            PackedMatrix w,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride);

    /**
     * Adds the product of a transposed matrix with another: {@code out[i, j] += sum over k of x[k, i] * dz[k, j]}. With x the
     * inputs of a layer and dz the gradients of its outputs before activation, that is the gradient of its kernel; with one
     * input, always 1 ({@code xStride} 0), that of its bias.
     *
     * <p>The accumulator starts as {@code out[i, j]}; terms are added in ascending {@code k}, each with one fused multiply-add.
     * A row of an array begins at {@code at + row * stride}; strides may be 0 or negative. {@code out} must not overlap the
     * others, nor its rows each other. Up to 15 floats are read past the last element of {@code dz} too.
     *
     * @param terms rows of x and dz
     * @param inputs columns of x, rows of out
     * @param columns columns of dz and out
     */
    void addTransposedProduct(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int inputs,
            float[] dz,
            int dzAt,
            int dzStride,
            int columns,
            float[] out,
            int outAt,
            int outStride);

    /**
     * Applies an elementwise function in place, element by element as {@link Activation#apply} does.
     *
     * @throws IllegalArgumentException if the function is not elementwise
     */
    void activate(Activation function, float[] values, int at, int length);

    /**
     * Turns gradients of an elementwise function's outputs into gradients of its inputs, in place, element by element as {@link
     * ActivationGradient#apply(Activation, float, float)} does.
     *
     * @param saved inputs or outputs of the function, see {@link ActivationGradient#needsInput}; not {@code gradient}
     * @throws IllegalArgumentException if the function is not elementwise
     */
    void activationGradient(
            Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length);

    /** {@code y[i] += x[i]}. The two may lie in one array, without overlapping. */
    default void add(float[] x, int xAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    /** {@code y[i] = x[i] * factors[i]}. All may lie in one array, without overlapping, but {@code y} may be {@code x}. */
    default void product(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] = x[xAt + i] * factors[factorsAt + i];
        }
    }

    /** {@code y[i] += x[i] * factors[i]} by one fused multiply-add; as for {@link #product}. */
    default void addProduct(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] = Arithmetic.fma(x[xAt + i], factors[factorsAt + i], y[yAt + i]);
        }
    }

    /** {@code y[i] = (x[i] - center) * scale}. All may lie in one array, without overlapping, but {@code y} may be {@code x}. */
    default void standardize(float[] x, int xAt, float center, float scale, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] = (x[xAt + i] - center) * scale;
        }
    }

    /** {@code y[i] = (x[i] - center) * scale * gamma[i] + beta[i]}, gamma and beta by one fused multiply-add. */
    default void normalize(
            float[] x,
            int xAt,
            float center,
            float scale,
            float[] gamma,
            float[] beta,
            float[] y,
            int yAt,
            int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] = Arithmetic.fma((x[xAt + i] - center) * scale, gamma[i], beta[i]);
        }
    }

    /** {@code dy[i] = scale * (dy[i] - mean - xn[i] * slope)}: back over {@link #standardize}, {@code xn} being its result. */
    default void standardizeGradient(
            float[] xn, int xnAt, float mean, float slope, float scale, float[] dy, int dyAt, int length) {
        for (int i = 0; i < length; i++) {
            dy[dyAt + i] = scale * (dy[dyAt + i] - mean - xn[xnAt + i] * slope);
        }
    }

    /**
     * Silences some elements at random, and scales the rest: {@code y[i] = x[i] * scale} where the element's draw is not below
     * the threshold, else 0. Element 0 is the one at {@code xAt}. All may lie in one array, without overlapping, but {@code y}
     * may be {@code x}.
     *
     * @param key of the {@link Draws}
     * @param threshold 0 to {@link Draws#RANGE}: how many of so many equally likely draws silence an element
     */
    default void dropout(long key, int threshold, float scale, float[] x, int xAt, float[] y, int yAt, int length) {
        int whole = length / Draws.BLOCK * Draws.BLOCK;
        for (int block = 0, word = 0; block < whole; block += Draws.BLOCK) {
            for (int i = block; i < block + Draws.WORDS; i++) {
                int draws = Draws.word(key, word++);
                int j = i + Draws.WORDS;
                y[yAt + i] = Draws.keep(x[xAt + i] * scale, draws & Draws.MASK, threshold);
                y[yAt + j] = Draws.keep(x[xAt + j] * scale, draws >>> 16, threshold);
            }
        }
        Draws.dropout(key, threshold, scale, x, xAt, y, yAt, whole, length);
    }

    /**
     * Sets to zero what is closer to it than {@link #SMALLEST_GRADIENT}. Gradients that vanish through time would end among
     * the subnormal numbers, on which some processors compute a hundred times slower; the JVM cannot tell them to take such
     * numbers for zeros, as TensorFlow does.
     */
    default void flush(float[] values, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (Math.abs(values[i]) < SMALLEST_GRADIENT) { // NaN stays
                values[i] = 0f;
            }
        }
    }

    /**
     * Sum in the fixed order of {@link Reduction}: 16 partial sums, element {@code i} belongs to number {@code i % 16},
     * each in ascending {@code i}; the 16 are then added pairwise, {@code k} with {@code k + 8}, then 4, 2, 1.
     */
    float sum(float[] values, int at, int length);

    /** Sum of {@code (values[i] - center)^2} in the order of {@link #sum}, each square added by one fused multiply-add. */
    float sumOfSquares(float[] values, int at, int length, float center);
}
