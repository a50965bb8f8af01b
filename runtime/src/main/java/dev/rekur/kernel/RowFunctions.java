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
     * Sparsemax as Keras 3.15 computes it: {@code max(x - t, 0)} with {@code t = (S - 1) / k}, where the k greatest elements
     * are the support. S should be their sum (Martins and Astudillo, <a href="https://arxiv.org/abs/1602.02068">2016</a>);
     * Keras adds up all the partial sums on the way to it instead, so that its rows do not sum to 1. So do ours not.
     */
    static void sparsemax(float[] values, int at, int length) {
        float threshold = sparsemaxThreshold(values, at, length);
        for (int i = at; i < at + length; i++) {
            float x = values[i] - threshold;
            values[i] = x <= 0f ? 0f : x; // NaN stays NaN
        }
    }

    /** The t of {@link #sparsemax}. */
    static float sparsemaxThreshold(float[] values, int at, int length) {
        return sparsemaxScan(values, at, length, false);
    }

    /** The k of {@link #sparsemax}. */
    static int sparsemaxSupport(float[] values, int at, int length) {
        return (int) sparsemaxScan(values, at, length, true);
    }

    /** Walks the elements in descending order without sorting them, which needs no memory; gives t, or k if asked to count. */
    private static float sparsemaxScan(float[] values, int at, int length, boolean count) {
        float partialSum = 0f;
        float sumOfPartialSums = 0f;
        int support = 0;
        float previous = Float.POSITIVE_INFINITY;
        for (int rank = 0; rank < length; ) {
            float next = Float.NEGATIVE_INFINITY;
            int equal = 0;
            for (int i = at; i < at + length; i++) {
                float x = values[i];
                if ((x < previous || rank == 0) && x > next) {
                    next = x;
                    equal = 1;
                } else if (x == next) {
                    equal++;
                }
            }
            if (equal == 0) {
                break; // what is left is NaN or infinite
            }
            for (int k = 0; k < equal; k++) {
                rank++;
                partialSum += next;
                if (next - (partialSum - 1f) / rank > 0f) {
                    sumOfPartialSums += partialSum;
                    support++;
                }
            }
            previous = next;
        }
        return count ? support : (sumOfPartialSums - 1f) / support;
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
