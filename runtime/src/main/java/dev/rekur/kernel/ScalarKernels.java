package dev.rekur.kernel;

/**
 * The kernels in plain Java: the readable specification, and what runs where the Vector API does not.
 *
 * <p>One column alone is a chain of dependent operations, and C2 does not turn it into vectors. So columns are computed side
 * by side, in two ways. Full panels: four terms at a time are added to all columns in a loop over the columns, which C2
 * does turn into vectors, provided that the distance of the weights' rows is a constant. Narrower panels: eight columns at a
 * time are kept in registers over all terms. A product of 1x128 and 128x128 takes a third of the time that it takes by
 * registers alone ({@code KernelBenchmark.gemv128}).
 */
public final class ScalarKernels implements Kernels {
    /** Stateless, so one is enough. */
    public static final ScalarKernels INSTANCE = new ScalarKernels();

    private static final int BLOCK = 8;

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
        for (int panel = 0; panel < columns; panel += PackedMatrix.PANEL) {
            int width = w.panelWidth(panel);
            int end = Math.min(columns, panel + PackedMatrix.PANEL);
            int column = panel;
            if (width == PackedMatrix.PANEL) {
                int wAt = w.panelAt(panel);
                for (int r = 0; r < rows; r++) {
                    int to = outAt + r * outStride + panel;
                    System.arraycopy(init, initAt + r * initStride + panel, out, to, end - panel);
                    addToPanel(x, xAt + r * xStride, w.rows(), w.values(), wAt, out, to, end - panel);
                }
                continue;
            }
            for (; column + BLOCK <= end; column += BLOCK) {
                int wAt = w.panelAt(panel) + column - panel;
                for (int r = 0; r < rows; r++) {
                    block(
                            x,
                            xAt + r * xStride,
                            w.rows(),
                            w.values(),
                            wAt,
                            width,
                            init,
                            initAt + r * initStride + column,
                            out,
                            outAt + r * outStride + column);
                }
            }
            for (; column < end; column++) {
                int wAt = w.panelAt(panel) + column - panel;
                for (int r = 0; r < rows; r++) {
                    float initial = init[initAt + r * initStride + column];
                    out[outAt + r * outStride + column] =
                            column(x, xAt + r * xStride, w.rows(), w.values(), wAt, width, initial);
                }
            }
        }
    }

    /** One output element: this is the definition. */
    private static float column(float[] x, int xAt, int terms, float[] w, int wAt, int wStride, float initial) {
        float sum = initial;
        for (int i = 0; i < terms; i++) {
            sum = Arithmetic.fma(x[xAt + i], w[wAt + i * wStride], sum);
        }
        return sum;
    }

    /** Adds all terms to the columns of one full panel. */
    private static void addToPanel(
            float[] x, int xAt, int terms, float[] w, int wAt, float[] out, int outAt, int columns) {
        int i = 0;
        for (; i + 4 <= terms; i += 4) {
            addFour(x, xAt + i, w, wAt + i * PackedMatrix.PANEL, out, outAt, columns);
        }
        for (; i < terms; i++) {
            int at = wAt + i * PackedMatrix.PANEL;
            float v = x[xAt + i];
            for (int j = 0; j < columns; j++) {
                out[outAt + j] = Arithmetic.fma(v, w[at + j], out[outAt + j]);
            }
        }
    }

    /** Four terms; a method of its own, so that C2 compiles the loop alone and makes vectors of it. */
    private static void addFour(float[] x, int xAt, float[] w, int wAt, float[] out, int outAt, int columns) {
        float v0 = x[xAt];
        float v1 = x[xAt + 1];
        float v2 = x[xAt + 2];
        float v3 = x[xAt + 3];
        for (int j = 0; j < columns; j++) {
            float sum = out[outAt + j];
            sum = Arithmetic.fma(v0, w[wAt + j], sum);
            sum = Arithmetic.fma(v1, w[wAt + PackedMatrix.PANEL + j], sum);
            sum = Arithmetic.fma(v2, w[wAt + 2 * PackedMatrix.PANEL + j], sum);
            sum = Arithmetic.fma(v3, w[wAt + 3 * PackedMatrix.PANEL + j], sum);
            out[outAt + j] = sum;
        }
    }

    /** Eight output elements side by side. */
    private static void block(
            float[] x,
            int xAt,
            int terms,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            float[] out,
            int outAt) {
        float s0 = init[initAt];
        float s1 = init[initAt + 1];
        float s2 = init[initAt + 2];
        float s3 = init[initAt + 3];
        float s4 = init[initAt + 4];
        float s5 = init[initAt + 5];
        float s6 = init[initAt + 6];
        float s7 = init[initAt + 7];
        for (int i = 0, at = wAt; i < terms; i++, at += wStride) {
            float v = x[xAt + i];
            s0 = Arithmetic.fma(v, w[at], s0);
            s1 = Arithmetic.fma(v, w[at + 1], s1);
            s2 = Arithmetic.fma(v, w[at + 2], s2);
            s3 = Arithmetic.fma(v, w[at + 3], s3);
            s4 = Arithmetic.fma(v, w[at + 4], s4);
            s5 = Arithmetic.fma(v, w[at + 5], s5);
            s6 = Arithmetic.fma(v, w[at + 6], s6);
            s7 = Arithmetic.fma(v, w[at + 7], s7);
        }
        out[outAt] = s0;
        out[outAt + 1] = s1;
        out[outAt + 2] = s2;
        out[outAt + 3] = s3;
        out[outAt + 4] = s4;
        out[outAt + 5] = s5;
        out[outAt + 6] = s6;
        out[outAt + 7] = s7;
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
