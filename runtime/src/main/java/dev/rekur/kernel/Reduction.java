package dev.rekur.kernel;

/**
 * The one order in which rows are summed: 16 partial sums, element {@code i} belongs to number {@code i % 16}, each starts
 * at 0 and grows in ascending {@code i}; the 16 are then added pairwise, {@code k} with {@code k + 8}, then 4, 2, 1.
 *
 * <p>Sixteen is the widest vector there is, in floats: one vector of 512 bits holds the partial sums, or two of 256, or
 * four of 128.
 */
final class Reduction {
    private static final int PARTS = 16;

    private Reduction() {}

    /** Sum of the elements. */
    static float sum(float[] values, int at, int length) {
        int end = at + length;
        return (quarter(values, at, end) + quarter(values, at + 2, end))
                + (quarter(values, at + 1, end) + quarter(values, at + 3, end));
    }

    /** Sum of {@code (values[i] - center)^2}. */
    static float sumOfSquares(float[] values, int at, int length, float center) {
        int end = at + length;
        return (quarterOfSquares(values, at, end, center) + quarterOfSquares(values, at + 2, end, center))
                + (quarterOfSquares(values, at + 1, end, center) + quarterOfSquares(values, at + 3, end, center));
    }

    /** Partial sums k, k + 4, k + 8 and k + 12, added: k is where {@code from} stands. Four chains, so that they overlap. */
    private static float quarter(float[] values, int from, int end) {
        float s0 = 0f;
        float s4 = 0f;
        float s8 = 0f;
        float s12 = 0f;
        int i = from;
        for (; i + 12 < end; i += PARTS) {
            s0 += values[i];
            s4 += values[i + 4];
            s8 += values[i + 8];
            s12 += values[i + 12];
        }
        if (i < end) {
            s0 += values[i];
        }
        if (i + 4 < end) {
            s4 += values[i + 4];
        }
        if (i + 8 < end) {
            s8 += values[i + 8];
        }
        return (s0 + s8) + (s4 + s12);
    }

    private static float quarterOfSquares(float[] values, int from, int end, float center) {
        float s0 = 0f;
        float s4 = 0f;
        float s8 = 0f;
        float s12 = 0f;
        int i = from;
        for (; i + 12 < end; i += PARTS) {
            s0 = addSquare(s0, values[i] - center);
            s4 = addSquare(s4, values[i + 4] - center);
            s8 = addSquare(s8, values[i + 8] - center);
            s12 = addSquare(s12, values[i + 12] - center);
        }
        if (i < end) {
            s0 = addSquare(s0, values[i] - center);
        }
        if (i + 4 < end) {
            s4 = addSquare(s4, values[i + 4] - center);
        }
        if (i + 8 < end) {
            s8 = addSquare(s8, values[i + 8] - center);
        }
        return (s0 + s8) + (s4 + s12);
    }

    private static float addSquare(float sum, float difference) {
        return Arithmetic.fma(difference, difference, sum);
    }
}
