package dev.rekur.kernel;

/**
 * The kernels in plain Java: the readable specification, and what runs where the Vector API does not.
 *
 * <p>One column of a product is a chain of dependent operations. So all columns of a row are computed side by side, four terms
 * at a time, in a loop over the columns that C2 turns into vectors by itself. It only does so if every array in the loop is
 * indexed by the loop's variable alone: hence weights in one array a row ({@link PackedMatrix#rowArrays}), and sums in an
 * array of their own. A product of 1x128 and 128x128 takes a third of the time that it takes with eight columns in
 * registers, and eight terms at a time are too many on JDK 17 ({@code KernelBenchmark.gemv128}).
 */
public final class ScalarKernels implements Kernels {
    /** Stateless, so one is enough. */
    public static final ScalarKernels INSTANCE = new ScalarKernels();

    /** Where a row's sums grow; kept, so that steady state allocates nothing. */
    private static final ThreadLocal<float[]> SUMS = ThreadLocal.withInitial(() -> new float[256]);

    /** Terms of a transposed product that are added before the next row of its output: so many rows stay in the cache. */
    private static final int BLOCK = 32;

    /** Where rows of such a block lie, as long as the widest so far. */
    private static final ThreadLocal<float[][]> BLOCKS = ThreadLocal.withInitial(() -> new float[BLOCK][256]);

    private ScalarKernels() {}

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void multiply(
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
            int outStride) {
        int columns = w.columns();
        float[][] weights = w.rowArrays();
        float[] sums = sums(columns);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(init, initAt + r * initStride, sums, 0, columns);
            addTerms(weights.length, x, xAt + r * xStride, 1, weights, sums, columns);
            System.arraycopy(sums, 0, out, outAt + r * outStride, columns);
        }
    }

    /** Terms in blocks, whose rows of dz are copied to arrays of their own and then serve for all inputs. */
    @Override
    public void addTransposedProduct(
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
            int outStride) {
        float[][] block = block(columns);
        float[] sums = sums(columns);
        for (int k = 0; k < terms; k += BLOCK) {
            int count = Math.min(BLOCK, terms - k);
            for (int b = 0; b < count; b++) {
                System.arraycopy(dz, dzAt + (k + b) * dzStride, block[b], 0, columns);
            }
            for (int i = 0; i < inputs; i++) {
                int to = outAt + i * outStride;
                System.arraycopy(out, to, sums, 0, columns);
                addTerms(count, x, xAt + k * xStride + i, xStride, block, sums, columns);
                System.arraycopy(sums, 0, out, to, columns);
            }
        }
    }

    private static float[] sums(int columns) {
        float[] sums = SUMS.get();
        if (sums.length < columns) {
            sums = new float[columns];
            SUMS.set(sums);
        }
        return sums;
    }

    private static float[][] block(int columns) {
        float[][] block = BLOCKS.get();
        if (block[0].length < columns) {
            block = new float[BLOCK][columns];
            BLOCKS.set(block);
        }
        return block;
    }

    /** {@code sums[j] += x[xAt + i * xStep] * weights[i][j]} in ascending {@code i}: this is the definition. */
    private static void addTerms(
            int terms, float[] x, int xAt, int xStep, float[][] weights, float[] sums, int columns) {
        int i = 0;
        for (; i + 4 <= terms; i += 4) {
            int at = xAt + i * xStep;
            addFour(
                    x[at],
                    weights[i],
                    x[at + xStep],
                    weights[i + 1],
                    x[at + 2 * xStep],
                    weights[i + 2],
                    x[at + 3 * xStep],
                    weights[i + 3],
                    sums,
                    columns);
        }
        for (; i < terms; i++) {
            float v = x[xAt + i * xStep];
            float[] row = weights[i];
            for (int j = 0; j < columns; j++) {
                sums[j] = Arithmetic.fma(v, row[j], sums[j]);
            }
        }
    }

    private static void addFour(
            float v0,
            float[] row0,
            float v1,
            float[] row1,
            float v2,
            float[] row2,
            float v3,
            float[] row3,
            float[] sums,
            int columns) {
        for (int j = 0; j < columns; j++) {
            float sum = Arithmetic.fma(v0, row0[j], sums[j]);
            sum = Arithmetic.fma(v1, row1[j], sum);
            sum = Arithmetic.fma(v2, row2[j], sum);
            sums[j] = Arithmetic.fma(v3, row3[j], sum);
        }
    }

    @Override
    public void activate(Activation function, float[] values, int at, int length) {
        function.applyToEach(values, at, length);
    }

    @Override
    public void activationGradient(
            Activation function, float[] saved, int savedAt, float[] gradient, int gradientAt, int length) {
        ActivationGradient.applyToEach(function, saved, savedAt, gradient, gradientAt, length);
    }

    @Override
    public float sum(float[] values, int at, int length) {
        return Reduction.sum(values, at, length);
    }

    @Override
    public float sumOfSquares(float[] values, int at, int length, float center) {
        return Reduction.sumOfSquares(values, at, length, center);
    }
}
