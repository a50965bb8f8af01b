package dev.rekur.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of two rows, for {@link Strip}.
 *
 * <p>A tile keeps its accumulators in registers over all terms; see {@link MatrixProduct} for how tiles cover a product.
 * Flat on purpose: a vector that is passed to a method which C2 does not inline, or kept in a field, becomes an object.
 *
 * <p>{@code last} is the number of columns in the last vector. If it is not full, the old contents of {@code out} are read,
 * blended and written back: a masked store costs 42 micro-operations on Zen 4, and here it is once per tile and row.
 */
final class PairTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final boolean[] FIRST = MatrixProduct.FIRST;

    private PairTiles() {}

    /** Two rows, four vectors. */
    static void multiply2x4(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int xStep,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride,
            int last) {
        int x1 = xAt + xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        FloatVector s02 = FloatVector.fromArray(S, init, initAt + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, init, initAt + 3 * L);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        FloatVector s11 = FloatVector.fromArray(S, init, i1 + L);
        FloatVector s12 = FloatVector.fromArray(S, init, i1 + 2 * L);
        FloatVector s13 = FloatVector.fromArray(S, init, i1 + 3 * L);
        for (int i = 0, p = wAt, t = 0; i < terms; i++, p += wStride, t += xStep) {
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector w1 = FloatVector.fromArray(S, w, p + L);
            FloatVector w2 = FloatVector.fromArray(S, w, p + 2 * L);
            FloatVector w3 = FloatVector.fromArray(S, w, p + 3 * L);
            FloatVector v0 = FloatVector.broadcast(S, x[xAt + t]);
            s00 = v0.fma(w0, s00);
            s01 = v0.fma(w1, s01);
            s02 = v0.fma(w2, s02);
            s03 = v0.fma(w3, s03);
            FloatVector v1 = FloatVector.broadcast(S, x[x1 + t]);
            s10 = v1.fma(w0, s10);
            s11 = v1.fma(w1, s11);
            s12 = v1.fma(w2, s12);
            s13 = v1.fma(w3, s13);
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
        int o1 = outAt + outStride;
        s10.intoArray(out, o1);
        s11.intoArray(out, o1 + L);
        s12.intoArray(out, o1 + 2 * L);
        if (last == L) {
            s13.intoArray(out, o1 + 3 * L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o1 + 3 * L).blend(s13, mask).intoArray(out, o1 + 3 * L);
        }
    }

    /** Two rows, two vectors. */
    static void multiply2x2(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int xStep,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride,
            int last) {
        int x1 = xAt + xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        FloatVector s11 = FloatVector.fromArray(S, init, i1 + L);
        for (int i = 0, p = wAt, t = 0; i < terms; i++, p += wStride, t += xStep) {
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector w1 = FloatVector.fromArray(S, w, p + L);
            FloatVector v0 = FloatVector.broadcast(S, x[xAt + t]);
            s00 = v0.fma(w0, s00);
            s01 = v0.fma(w1, s01);
            FloatVector v1 = FloatVector.broadcast(S, x[x1 + t]);
            s10 = v1.fma(w0, s10);
            s11 = v1.fma(w1, s11);
        }
        s00.intoArray(out, outAt);
        if (last == L) {
            s01.intoArray(out, outAt + L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt + L).blend(s01, mask).intoArray(out, outAt + L);
        }
        int o1 = outAt + outStride;
        s10.intoArray(out, o1);
        if (last == L) {
            s11.intoArray(out, o1 + L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o1 + L).blend(s11, mask).intoArray(out, o1 + L);
        }
    }

    /** Two rows, one vector. */
    static void multiply2x1(
            int terms,
            float[] x,
            int xAt,
            int xStride,
            int xStep,
            float[] w,
            int wAt,
            int wStride,
            float[] init,
            int initAt,
            int initStride,
            float[] out,
            int outAt,
            int outStride,
            int last) {
        int x1 = xAt + xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        for (int i = 0, p = wAt, t = 0; i < terms; i++, p += wStride, t += xStep) {
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector v0 = FloatVector.broadcast(S, x[xAt + t]);
            s00 = v0.fma(w0, s00);
            FloatVector v1 = FloatVector.broadcast(S, x[x1 + t]);
            s10 = v1.fma(w0, s10);
        }
        if (last == L) {
            s00.intoArray(out, outAt);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, outAt).blend(s00, mask).intoArray(out, outAt);
        }
        int o1 = outAt + outStride;
        if (last == L) {
            s10.intoArray(out, o1);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o1).blend(s10, mask).intoArray(out, o1);
        }
    }
}
