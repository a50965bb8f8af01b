package dev.rekur.kernel;

/** Activations along a row. Sums are in the order of {@link Reduction}, or in double in ascending order. */
final class RowFunctions {
    private RowFunctions() {}

    /** {@code e^(x - m) / sum of e^(x - m)} for the greatest element m, so that nothing overflows. */
    static void softmax(Kernels kernels, float[] values, int at, int length) {
        float greatest = greatest(values, at, length);
        for (int i = at; i < at + length; i++) {
            values[i] -= greatest;
        }
        kernels.activate(Activation.EXPONENTIAL, values, at, length);
        float sum = kernels.sum(values, at, length);
        for (int i = at; i < at + length; i++) {
            values[i] /= sum;
        }
    }

    /** {@code (x - m) - log(sum of e^(x - m))}. */
    static void logSoftmax(float[] values, int at, int length) {
        float greatest = greatest(values, at, length);
        double sum = 0;
        for (int i = at; i < at + length; i++) {
            sum += Arithmetic.exp(values[i] - greatest);
        }
        float logarithm = (float) StrictMath.log(sum);
        for (int i = at; i < at + length; i++) {
            values[i] = (values[i] - greatest) - logarithm;
        }
    }

    /**
     * Projection onto the simplex: {@code max(x - t, 0)}, where t makes the row sum to 1 (Martins and Astudillo, <a
     * href="https://arxiv.org/abs/1602.02068">2016</a>). Keras sorts the row to find t; here the set of elements above t
     * shrinks from all of them to the right ones, which needs no memory and ends after at most {@code length} rounds
     * (Michelot, 1986).
     */
    static void sparsemax(float[] values, int at, int length) {
        // relative to the greatest: t lies between -1 and 0 then, and no sum of large numbers cancels
        float greatest = greatest(values, at, length);
        double threshold = Double.NEGATIVE_INFINITY;
        for (int above = Integer.MAX_VALUE; ; ) {
            double sum = 0;
            int count = 0;
            for (int i = at; i < at + length; i++) {
                float x = values[i] - greatest;
                if (x > threshold) {
                    sum += x;
                    count++;
                }
            }
            if (count >= above) {
                break;
            }
            above = count;
            threshold = (sum - 1) / count;
        }
        for (int i = at; i < at + length; i++) {
            double x = (values[i] - greatest) - threshold;
            values[i] = x <= 0 ? 0f : (float) x; // NaN stays NaN
        }
    }

    /** NaN if there is one; of a row without elements, negative infinity. */
    private static float greatest(float[] values, int at, int length) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + length; i++) {
            greatest = Math.max(greatest, values[i]);
        }
        return greatest;
    }
}
