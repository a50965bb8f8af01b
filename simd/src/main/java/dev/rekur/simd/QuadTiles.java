package dev.rekur.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of four rows, for {@link Strip}.
 *
 * <p>A tile keeps its accumulators in registers over all terms; see {@link MatrixProduct} for how tiles cover a product.
 * Flat on purpose: a vector that is passed to a method which C2 does not inline, or kept in a field, becomes an object.
 *
 * <p>{@code last} is the number of columns in the last vector. If it is not full, the old contents of {@code out} are read,
 * blended and written back: a masked store costs 42 micro-operations on Zen 4, and here it is once per tile and row.
 */
final class QuadTiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final boolean[] FIRST = MatrixProduct.FIRST;

    private QuadTiles() {}

    /** Four rows, four vectors. */
    static void multiply4x4(
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
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + 3 * xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        FloatVector s02 = FloatVector.fromArray(S, init, initAt + 2 * L);
        FloatVector s03 = FloatVector.fromArray(S, init, initAt + 3 * L);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        FloatVector s11 = FloatVector.fromArray(S, init, i1 + L);
        FloatVector s12 = FloatVector.fromArray(S, init, i1 + 2 * L);
        FloatVector s13 = FloatVector.fromArray(S, init, i1 + 3 * L);
        int i2 = initAt + 2 * initStride;
        FloatVector s20 = FloatVector.fromArray(S, init, i2);
        FloatVector s21 = FloatVector.fromArray(S, init, i2 + L);
        FloatVector s22 = FloatVector.fromArray(S, init, i2 + 2 * L);
        FloatVector s23 = FloatVector.fromArray(S, init, i2 + 3 * L);
        int i3 = initAt + 3 * initStride;
        FloatVector s30 = FloatVector.fromArray(S, init, i3);
        FloatVector s31 = FloatVector.fromArray(S, init, i3 + L);
        FloatVector s32 = FloatVector.fromArray(S, init, i3 + 2 * L);
        FloatVector s33 = FloatVector.fromArray(S, init, i3 + 3 * L);
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
            FloatVector v2 = FloatVector.broadcast(S, x[x2 + t]);
            s20 = v2.fma(w0, s20);
            s21 = v2.fma(w1, s21);
            s22 = v2.fma(w2, s22);
            s23 = v2.fma(w3, s23);
            FloatVector v3 = FloatVector.broadcast(S, x[x3 + t]);
            s30 = v3.fma(w0, s30);
            s31 = v3.fma(w1, s31);
            s32 = v3.fma(w2, s32);
            s33 = v3.fma(w3, s33);
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
        int o2 = outAt + 2 * outStride;
        s20.intoArray(out, o2);
        s21.intoArray(out, o2 + L);
        s22.intoArray(out, o2 + 2 * L);
        if (last == L) {
            s23.intoArray(out, o2 + 3 * L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o2 + 3 * L).blend(s23, mask).intoArray(out, o2 + 3 * L);
        }
        int o3 = outAt + 3 * outStride;
        s30.intoArray(out, o3);
        s31.intoArray(out, o3 + L);
        s32.intoArray(out, o3 + 2 * L);
        if (last == L) {
            s33.intoArray(out, o3 + 3 * L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o3 + 3 * L).blend(s33, mask).intoArray(out, o3 + 3 * L);
        }
    }

    /** Four rows, two vectors. */
    static void multiply4x2(
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
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + 3 * xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        FloatVector s01 = FloatVector.fromArray(S, init, initAt + L);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        FloatVector s11 = FloatVector.fromArray(S, init, i1 + L);
        int i2 = initAt + 2 * initStride;
        FloatVector s20 = FloatVector.fromArray(S, init, i2);
        FloatVector s21 = FloatVector.fromArray(S, init, i2 + L);
        int i3 = initAt + 3 * initStride;
        FloatVector s30 = FloatVector.fromArray(S, init, i3);
        FloatVector s31 = FloatVector.fromArray(S, init, i3 + L);
        for (int i = 0, p = wAt, t = 0; i < terms; i++, p += wStride, t += xStep) {
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector w1 = FloatVector.fromArray(S, w, p + L);
            FloatVector v0 = FloatVector.broadcast(S, x[xAt + t]);
            s00 = v0.fma(w0, s00);
            s01 = v0.fma(w1, s01);
            FloatVector v1 = FloatVector.broadcast(S, x[x1 + t]);
            s10 = v1.fma(w0, s10);
            s11 = v1.fma(w1, s11);
            FloatVector v2 = FloatVector.broadcast(S, x[x2 + t]);
            s20 = v2.fma(w0, s20);
            s21 = v2.fma(w1, s21);
            FloatVector v3 = FloatVector.broadcast(S, x[x3 + t]);
            s30 = v3.fma(w0, s30);
            s31 = v3.fma(w1, s31);
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
        int o2 = outAt + 2 * outStride;
        s20.intoArray(out, o2);
        if (last == L) {
            s21.intoArray(out, o2 + L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o2 + L).blend(s21, mask).intoArray(out, o2 + L);
        }
        int o3 = outAt + 3 * outStride;
        s30.intoArray(out, o3);
        if (last == L) {
            s31.intoArray(out, o3 + L);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o3 + L).blend(s31, mask).intoArray(out, o3 + L);
        }
    }

    /** Four rows, one vector. */
    static void multiply4x1(
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
        int x2 = xAt + 2 * xStride;
        int x3 = xAt + 3 * xStride;
        FloatVector s00 = FloatVector.fromArray(S, init, initAt);
        int i1 = initAt + initStride;
        FloatVector s10 = FloatVector.fromArray(S, init, i1);
        int i2 = initAt + 2 * initStride;
        FloatVector s20 = FloatVector.fromArray(S, init, i2);
        int i3 = initAt + 3 * initStride;
        FloatVector s30 = FloatVector.fromArray(S, init, i3);
        for (int i = 0, p = wAt, t = 0; i < terms; i++, p += wStride, t += xStep) {
            FloatVector w0 = FloatVector.fromArray(S, w, p);
            FloatVector v0 = FloatVector.broadcast(S, x[xAt + t]);
            s00 = v0.fma(w0, s00);
            FloatVector v1 = FloatVector.broadcast(S, x[x1 + t]);
            s10 = v1.fma(w0, s10);
            FloatVector v2 = FloatVector.broadcast(S, x[x2 + t]);
            s20 = v2.fma(w0, s20);
            FloatVector v3 = FloatVector.broadcast(S, x[x3 + t]);
            s30 = v3.fma(w0, s30);
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
        int o2 = outAt + 2 * outStride;
        if (last == L) {
            s20.intoArray(out, o2);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o2).blend(s20, mask).intoArray(out, o2);
        }
        int o3 = outAt + 3 * outStride;
        if (last == L) {
            s30.intoArray(out, o3);
        } else {
            VectorMask<Float> mask = VectorMask.fromArray(S, FIRST, L - last);
            FloatVector.fromArray(S, out, o3).blend(s30, mask).intoArray(out, o3);
        }
    }
}
