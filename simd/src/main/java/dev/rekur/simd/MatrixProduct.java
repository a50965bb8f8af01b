package dev.rekur.simd;

import dev.rekur.kernel.PackedMatrix;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Covers a matrix product with register tiles.
 *
 * <p>Columns outside, rows inside: the part of the weights that a tile reads stays in the first-level cache over all rows.
 * Four rows at a time, since from there on the arithmetic is the limit and not the loading of weights; the rest by two and
 * one. Eight accumulators hide the latency of the fused multiply-add (4 cycles, two a cycle at 256 bits, one at 512); a
 * single row of four 512-bit vectors is just enough.
 */
final class MatrixProduct {
    private static final int L = FloatVector.SPECIES_PREFERRED.length();

    /** From index {@code L - n} on: n times true, then false. */
    static final boolean[] FIRST = new boolean[2 * L];

    static {
        Arrays.fill(FIRST, 0, L, true);
    }

    /** Floats in the smallest first-level cache that is common: 32 KiB, less what else is used. */
    private static final int FIRST_LEVEL_CACHE = 7_000;

    private static final int PANEL = PackedMatrix.PANEL;

    /** Vectors across in tiles of two and four rows: as many accumulators as there are registers for. */
    static final int ACROSS = L == 16 ? 4 : 2;

    private MatrixProduct() {}

    static void multiply(
            int rows,
            float[] x,
            int xAt,
            int xStride,
            PackedMatrix matrix,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride) {
        int r = 0;
        if (rows >= 2) {
            r = rows & ~1;
            byColumns(rows, x, xAt, xStride, matrix, init, initAt, initStride, out, outAt, outStride);
        }
        if (r < rows) {
            row(x, xAt + r * xStride, matrix, init, initAt + r * initStride, out, outAt + r * outStride);
        }
    }

    /** All rows but an odd last one. */
    private static void byColumns(
            int rows,
            float[] x,
            int xAt,
            int xStride,
            PackedMatrix matrix,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride) {
        int terms = matrix.rows();
        int columns = matrix.columns();
        float[] w = matrix.values();
        for (int panel = 0; panel < columns; panel += PANEL) {
            int width = matrix.panelWidth(panel);
            int end = Math.min(columns, panel + PANEL);
            for (int column = panel; column < end; ) {
                int vectors = (end - column + L - 1) / L;
                vectors = vectors >= ACROSS ? ACROSS : vectors >= 2 ? 2 : 1;
                int last = Math.min(L, end - column - (vectors - 1) * L);
                int wAt = matrix.panelAt(panel) + column - panel;
                Strip.multiply(
                        rows,
                        terms,
                        x,
                        xAt,
                        xStride,
                        1,
                        w,
                        wAt,
                        width,
                        init,
                        initAt + column,
                        initStride,
                        out,
                        outAt + column,
                        outStride,
                        vectors,
                        last);
                column += vectors * L;
            }
        }
    }

    /**
     * One row. Each weight is used once, so that loading them is the limit.
     *
     * <p>A matrix that does not fit into the first-level cache is read panel by panel, forwards and backwards by turns: the
     * panel that came last is still in the cache when it comes first. The sums do not change, since each element is summed
     * within its panel. Which turn it is, the place of the output tells: rows of one sequence lie one behind the other.
     */
    private static void row(float[] x, int xAt, PackedMatrix matrix, float[] init, int initAt, float[] out, int outAt) {
        int terms = matrix.rows();
        int columns = matrix.columns();
        float[] w = matrix.values();
        int panels = columns / PANEL;
        int column = 0;
        if (w.length > FIRST_LEVEL_CACHE) {
            boolean backwards = (outAt / columns & 1) != 0;
            for (int k = 0; k < panels; k++) {
                int panel = (backwards ? panels - 1 - k : k) * PANEL;
                panel(terms, x, xAt, w, matrix.panelAt(panel), init, initAt + panel, out, outAt + panel);
            }
            column = panels * PANEL;
        } else if (L == 16) {
            // two panels side by side, for more independent sums than one has vectors
            for (; column + 2 * PANEL <= columns; column += 2 * PANEL) {
                int wAt = matrix.panelAt(column);
                int second = wAt + terms * PANEL;
                RowTiles.multiply1x8(
                        terms, x, xAt, w, wAt, second, PANEL, init, initAt + column, out, outAt + column, L);
            }
        }
        while (column < columns) {
            int within = column % PANEL;
            int panel = column - within;
            int width = matrix.panelWidth(panel);
            int end = Math.min(columns, panel + PANEL);
            int wAt = matrix.panelAt(panel) + within;
            int vectors = (end - column + L - 1) / L;
            vectors = vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;
            int last = Math.min(L, end - column - (vectors - 1) * L);
            int initFrom = initAt + column;
            int outFrom = outAt + column;
            switch (vectors) {
                case 8 ->
                    RowTiles.multiply1x8(terms, x, xAt, w, wAt, wAt + 4 * L, width, init, initFrom, out, outFrom, last);
                case 4 -> RowTiles.multiply1x4(terms, x, xAt, w, wAt, width, init, initFrom, out, outFrom, last);
                case 2 -> RowTiles.multiply1x2(terms, x, xAt, w, wAt, width, init, initFrom, out, outFrom, last);
                default -> RowTiles.multiply1x1(terms, x, xAt, w, wAt, width, init, initFrom, out, outFrom, last);
            }
            column += vectors * L;
        }
    }

    /** A full panel of one row. */
    private static void panel(
            int terms, float[] x, int xAt, float[] w, int wAt, float[] init, int initAt, float[] out, int outAt) {
        if (L == 16) {
            RowTiles.multiply1x4(terms, x, xAt, w, wAt, PANEL, init, initAt, out, outAt, L);
        } else {
            for (int c = 0; c < PANEL; c += 8 * L) {
                int from = wAt + c;
                RowTiles.multiply1x8(terms, x, xAt, w, from, from + 4 * L, PANEL, init, initAt + c, out, outAt + c, L);
            }
        }
    }
}
