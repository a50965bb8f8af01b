package dev.rekur.simd;

import jdk.incubator.vector.FloatVector;

/**
 * Adds the product of a transposed matrix with another: the gradient of a layer's weights.
 *
 * <p>The tiles are those of {@link MatrixProduct}: four inputs by four vectors of columns, whose sums stay in registers over a
 * block of terms. A block is as long as its rows of a strip of {@code dz} fit into the first-level cache, where they are read
 * once for every four inputs; between blocks the sums go back to {@code out}, which does not change them. Copying the strip
 * to one place, as libraries do, gained 1 % for 128 inputs and 128 columns, and cost 7 % for 64 and 32 and for 128 and 512 (shapes of
 * {@code TrainingKernelBenchmark}).
 */
final class TransposedProduct {
    private static final int L = FloatVector.SPECIES_PREFERRED.length();

    /** Terms in a block: 64 of four vectors of 512 bits are 16 KiB. */
    private static final int BLOCK = 64;

    /** An odd last input, gathered: tiles of one row read their terms one behind the other. */
    private static final ThreadLocal<float[]> COLUMN = ThreadLocal.withInitial(() -> new float[BLOCK]);

    private TransposedProduct() {}

    static void add(
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
        int odd = inputs & 1;
        int even = inputs - odd;
        float[] column = odd == 1 ? COLUMN.get() : x;
        for (int k = 0; k < terms; k += BLOCK) {
            int count = Math.min(BLOCK, terms - k);
            int xk = xAt + k * xStride;
            int dzk = dzAt + k * dzStride;
            if (even > 0) {
                addPairs(count, x, xk, xStride, even, dz, dzk, dzStride, columns, out, outAt, outStride);
            }
            if (odd == 1) {
                for (int b = 0; b < count; b++) {
                    column[b] = x[xk + even + b * xStride];
                }
                addRow(count, column, dz, dzk, dzStride, columns, out, outAt + even * outStride);
            }
        }
    }

    private static void addPairs(
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
        for (int column = 0; column < columns; ) {
            int vectors = (columns - column + L - 1) / L;
            vectors = vectors >= MatrixProduct.ACROSS ? MatrixProduct.ACROSS : vectors >= 2 ? 2 : 1;
            int last = Math.min(L, columns - column - (vectors - 1) * L);
            int to = outAt + column;
            Strip.multiply(
                    inputs,
                    terms,
                    x,
                    xAt,
                    1,
                    xStride,
                    dz,
                    dzAt + column,
                    dzStride,
                    out,
                    to,
                    outStride,
                    out,
                    to,
                    outStride,
                    vectors,
                    last);
            column += vectors * L;
        }
    }

    /** {@code out[j] += sum over k of x[k] * dz[k, j]}. */
    private static void addRow(
            int terms, float[] x, float[] dz, int dzAt, int dzStride, int columns, float[] out, int outAt) {
        for (int column = 0; column < columns; ) {
            int vectors = (columns - column + L - 1) / L;
            vectors = vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;
            int last = Math.min(L, columns - column - (vectors - 1) * L);
            int from = dzAt + column;
            int to = outAt + column;
            switch (vectors) {
                case 8 -> RowTiles.multiply1x8(terms, x, 0, dz, from, from + 4 * L, dzStride, out, to, out, to, last);
                case 4 -> RowTiles.multiply1x4(terms, x, 0, dz, from, dzStride, out, to, out, to, last);
                case 2 -> RowTiles.multiply1x2(terms, x, 0, dz, from, dzStride, out, to, out, to, last);
                default -> RowTiles.multiply1x1(terms, x, 0, dz, from, dzStride, out, to, out, to, last);
            }
            column += vectors * L;
        }
    }
}
