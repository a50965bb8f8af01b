package dev.rekur.simd;

import dev.rekur.kernel.PackedMatrix;
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
        java.util.Arrays.fill(FIRST, 0, L, true);
    }

    /** Vectors across in tiles of two and four rows: as many accumulators as there are registers for. */
    private static final int ACROSS = L == 16 ? 4 : 2;

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
            row(
                    x,
                    xAt + r * xStride,
                    matrix,
                    init,
                    initAt + r * initStride,
                    out,
                    outAt + r * outStride);
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
        for (int panel = 0; panel < columns; panel += PackedMatrix.PANEL) {
            int width = matrix.panelWidth(panel);
            int end = Math.min(columns, panel + PackedMatrix.PANEL);
            for (int column = panel; column < end; ) {
                int vectors = (end - column + L - 1) / L;
                vectors = vectors >= ACROSS ? ACROSS : vectors >= 2 ? 2 : 1;
                int last = Math.min(L, end - column - (vectors - 1) * L);
                int wAt = matrix.panelAt(panel) + column - panel;
                int r = 0;
                for (; r + 4 <= rows; r += 4) {
                    int xr = xAt + r * xStride;
                    int ir = initAt + r * initStride + column;
                    int or = outAt + r * outStride + column;
                    if (vectors == 4) {
                        QuadTiles.multiply4x4(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    } else if (vectors == 2) {
                        QuadTiles.multiply4x2(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    } else {
                        QuadTiles.multiply4x1(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    }
                }
                if (r + 2 <= rows) {
                    int xr = xAt + r * xStride;
                    int ir = initAt + r * initStride + column;
                    int or = outAt + r * outStride + column;
                    if (vectors == 4) {
                        PairTiles.multiply2x4(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    } else if (vectors == 2) {
                        PairTiles.multiply2x2(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    } else {
                        PairTiles.multiply2x1(
                                terms, x, xr, xStride, w, wAt, width, init, ir, initStride, out, or, outStride, last);
                    }
                }
                column += vectors * L;
            }
        }
    }

    /** One row: as many columns at a time as there are, so that enough accumulators are under way. */
    private static void row(
            float[] x, int xAt, PackedMatrix matrix, float[] init, int initAt, float[] out, int outAt) {
        int terms = matrix.rows();
        int columns = matrix.columns();
        float[] w = matrix.values();
        int column = 0;
        // eight vectors that lie in full panels: at 512 bits two panels, else one or half of one
        int second = L == 16 ? terms * PackedMatrix.PANEL : 4 * L;
        for (; column + 8 * L <= columns; column += 8 * L) {
            int within = column % PackedMatrix.PANEL;
            int wAt = matrix.panelAt(column - within) + within;
            int width = matrix.panelWidth(column - within);
            RowTiles.multiply1x8(
                    terms, x, xAt, w, wAt, wAt + second, width, init, initAt + column, out, outAt + column, L);
        }
        while (column < columns) {
            int within = column % PackedMatrix.PANEL;
            int panel = column - within;
            int width = matrix.panelWidth(panel);
            int end = Math.min(columns, panel + PackedMatrix.PANEL);
            int wAt = matrix.panelAt(panel) + within;
            int vectors = (end - column + L - 1) / L;
            vectors = vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;
            int last = Math.min(L, end - column - (vectors - 1) * L);
            if (vectors == 4) {
                RowTiles.multiply1x4(terms, x, xAt, w, wAt, width, init, initAt + column, out, outAt + column, last);
            } else if (vectors == 2) {
                RowTiles.multiply1x2(terms, x, xAt, w, wAt, width, init, initAt + column, out, outAt + column, last);
            } else {
                RowTiles.multiply1x1(terms, x, xAt, w, wAt, width, init, initAt + column, out, outAt + column, last);
            }
            column += vectors * L;
        }
    }
}
