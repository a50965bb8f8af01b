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
            addTerms(x, xAt + r * xStride, weights, sums, columns);
            System.arraycopy(sums, 0, out, outAt + r * outStride, columns);
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

    /** {@code sums[j] += x[xAt + i] * weights[i][j]} in ascending {@code i}: this is the definition. */
    private static void addTerms(float[] x, int xAt, float[][] weights, float[] sums, int columns) {
        int terms = weights.length;
        int i = 0;
        for (; i + 4 <= terms; i += 4) {
            int at = xAt + i;
            addFour(
                    x[at],
                    weights[i],
                    x[at + 1],
                    weights[i + 1],
                    x[at + 2],
                    weights[i + 2],
                    x[at + 3],
                    weights[i + 3],
                    sums,
                    columns);
        }
        for (; i < terms; i++) {
            float v = x[xAt + i];
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
    public float sum(float[] values, int at, int length) {
        return Reduction.sum(values, at, length);
    }

    @Override
    public float sumOfSquares(float[] values, int at, int length, float center) {
        return Reduction.sumOfSquares(values, at, length, center);
    }
}
