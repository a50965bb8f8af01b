package dev.rekur.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of one row: a matrix and a vector.
 *
 * <p>A tile keeps its accumulators in registers over all terms; see {@link MatrixProduct} for how tiles cover a product.
 * Flat on purpose: a vector that is passed to a method which C2 does not inline, or kept in a field, becomes an object.
 *
 * <p>{@code last} is the number of columns in the last vector. If it is not full, the old contents of {@code out} are read,
 * blended and written back: a masked store costs 42 micro-operations on Zen 4, and here it is once per tile and row.
 */
final class RowTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final boolean[] FIRST = MatrixProduct.FIRST;

    private RowTiles() {}

    /** One row, eight vectors: four from {@code wAt} on and four from {@code wAt2} on, columns likewise. */
    static void multiply1x8(
            int terms,
            float[] x,
            int xAt,
            float[] w,
            int wAt,
            int wAt2,
            int wStride,
            float[] init,
            int initAt,
            float[] out,
            int outAt,
            int last) {
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        FloatVector s02 = FloatVector.fromArray(S, init, initAt + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, init, initAt + 3 * L);
        FloatVector s04 = FloatVector.fromArray(S, init, initAt + 4 * L);
        FloatVector s05 = FloatVector.fromArray(S, init, initAt + 5 * L);
        FloatVector s06 = FloatVector.fromArray(S, init, initAt + 6 * L);
        FloatVector s07 = FloatVector.fromArray(S, init, initAt + 7 * L);
        int between = wAt2 - wAt;
        for (int i = 0, p = wAt; i < terms; i++, p += wStride) {
            int q = p + between;
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            s00 = v.fma(FloatVector.fromArray(S, w, p), s00);
            s01 = v.fma(FloatVector.fromArray(S, w, p + L), s01);
            s02 = v.fma(FloatVector.fromArray(S, w, p + 2 * L), s02);
            s03 = v.fma(FloatVector.fromArray(S, w, p + 3 * L), s03);
            s04 = v.fma(FloatVector.fromArray(S, w, q), s04);
            s05 = v.fma(FloatVector.fromArray(S, w, q + L), s05);
            s06 = v.fma(FloatVector.fromArray(S, w, q + 2 * L), s06);
            s07 = v.fma(FloatVector.fromArray(S, w, q + 3 * L), s07);
        }
        s00.intoArray(out, outAt);
        s01.intoArray(out, outAt + L);
        s02.intoArray(out, outAt + 2 * L);
        s03.intoArray(out, outAt + 3 * L);
        s04.intoArray(out, outAt + 4 * L);
        s05.intoArray(out, outAt + 5 * L);
        s06.intoArray(out, outAt + 6 * L);
        if (last == L) {
            s07.intoArray(out, outAt + 7 * L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt + 7 * L).blend(s07, mask).intoArray(out, outAt + 7 * L);
        }
    }

    /** One row, four vectors. */
    static void multiply1x4(
            int terms,
            float[] x,
            int xAt,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            float[] out,
            int outAt,
            int last) {
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        FloatVector s02 = FloatVector.fromArray(S, init, initAt + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, init, initAt + 3 * L);
        for (int i = 0, p = wAt; i < terms; i++, p += wStride) {
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            s00 = v.fma(FloatVector.fromArray(S, w, p), s00);
            s01 = v.fma(FloatVector.fromArray(S, w, p + L), s01);
            s02 = v.fma(FloatVector.fromArray(S, w, p + 2 * L), s02);
            s03 = v.fma(FloatVector.fromArray(S, w, p + 3 * L), s03);
        }
        s00.intoArray(out, outAt);
        s01.intoArray(out, outAt + L);
        s02.intoArray(out, outAt + 2 * L);
        if (last == L) {
            s03.intoArray(out, outAt + 3 * L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt + 3 * L).blend(s03, mask).intoArray(out, outAt + 3 * L);
        }
    }

    /** One row, two vectors. */
    static void multiply1x2(
            int terms,
            float[] x,
            int xAt,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            float[] out,
            int outAt,
            int last) {
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        for (int i = 0, p = wAt; i < terms; i++, p += wStride) {
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            s00 = v.fma(FloatVector.fromArray(S, w, p), s00);
            s01 = v.fma(FloatVector.fromArray(S, w, p + L), s01);
        }
        s00.intoArray(out, outAt);
        if (last == L) {
            s01.intoArray(out, outAt + L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt + L).blend(s01, mask).intoArray(out, outAt + L);
        }
    }

    /** One row, one vector. */
    static void multiply1x1(
            int terms,
            float[] x,
            int xAt,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            float[] out,
            int outAt,
            int last) {
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        for (int i = 0, p = wAt; i < terms; i++, p += wStride) {
            FloatVector v = FloatVector.broadcast(S, x[xAt + i]);
            s00 = v.fma(FloatVector.fromArray(S, w, p), s00);
        }
        if (last == L) {
            s00.intoArray(out, outAt);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt).blend(s00, mask).intoArray(out, outAt);
        }
    }
}
