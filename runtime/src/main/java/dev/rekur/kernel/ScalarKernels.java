package dev.rekur.kernel;

/**
 * The kernels in plain Java: the readable specification, and what runs where the Vector API does not.
 *
 * <p>C2 does not turn a loop of fused multiply-adds over one column into vectors, and one column alone is a chain of
 * dependent operations. So eight columns are computed at a time: eight chains, independent of one another.
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
