package dev.rekur.kernel;

/**
 * Adjoints of {@link RowFunctions}, in place: the row of {@code dy} at {@code at} becomes {@code dz}. Sums are in the order of
 * {@link Reduction}, or in double in ascending order.
 */
final class RowGradients {
    private RowGradients() {}

    /** {@code dz = y (dy - sum(y dy))}. */
    static void softmax(Kernels kernels, float[] y, int yAt, float[] gradient, int at, int length) {
        for (int i = 0; i < length; i++) {
            gradient[at + i] *= y[yAt + i];
        }
        float sum = kernels.sum(gradient, at, length);
        for (int i = 0; i < length; i++) {
            gradient[at + i] = Arithmetic.fma(-sum, y[yAt + i], gradient[at + i]);
        }
    }

    /** {@code dz = dy - e^y sum(dy)}. */
    static void logSoftmax(Kernels kernels, float[] y, int yAt, float[] gradient, int at, int length) {
        float sum = kernels.sum(gradient, at, length);
        for (int i = 0; i < length; i++) {
            gradient[at + i] = Arithmetic.fma(-sum, Arithmetic.exp(y[yAt + i]), gradient[at + i]);
        }
    }

    /**
     * With t, k and S as in {@link RowFunctions#sparsemax}: dy passes where {@code z >= t}, and {@code dt} is minus the sum of
     * what passes. In Keras's S the r-th greatest of the k elements (r from 0) is contained in k - r partial sums, so that it receives
     * {@code (k - r) / k dt} besides; among equals, the first is the greatest. Takes time quadratic in the length, and no memory.
     */
    static void sparsemax(float[] z, int zAt, float[] gradient, int at, int length) {
        float threshold = RowFunctions.sparsemaxThreshold(z, zAt, length);
        int support = RowFunctions.sparsemaxSupport(z, zAt, length);
        double passed = 0;
        for (int i = 0; i < length; i++) {
            if (z[zAt + i] - threshold >= 0f) {
                passed += gradient[at + i];
            } else {
                gradient[at + i] = 0f;
            }
        }
        for (int i = 0; i < length; i++) {
            int rank = rank(z, zAt, length, i);
            if (rank < support) {
                gradient[at + i] = (float) (gradient[at + i] - passed * (support - rank) / support);
            }
        }
    }

    /** How many elements come before element {@code index} in descending order. */
    private static int rank(float[] z, int at, int length, int index) {
        float own = z[at + index];
        int rank = 0;
        for (int i = 0; i < length; i++) {
            float other = z[at + i];
            if (other > own || (other == own && i < index)) {
                rank++;
            }
        }
        return rank;
    }
}
