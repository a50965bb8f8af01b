package dev.rekur.simd;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.rekur.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and products element by element. C2 does not make vectors of such loops by itself where two buffers lie in one array, as
 * those of a workspace do. Each method returns how many elements it did; the caller does the rest.
 */
final class ElementLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private ElementLoops() {}

    /** {@code y += x}. */
    static int add(float[] x, int xAt, float[] y, int yAt, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, y, yAt + i)
                    .add(FloatVector.fromArray(S, x, xAt + i))
                    .intoArray(y, yAt + i);
        }
        return i;
    }

    /** {@code y = x f}. */
    static int product(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, x, xAt + i)
                    .mul(FloatVector.fromArray(S, factors, factorsAt + i))
                    .intoArray(y, yAt + i);
        }
        return i;
    }

    /** {@code y += x f}. */
    static int addProduct(float[] x, int xAt, float[] factors, int factorsAt, float[] y, int yAt, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, x, xAt + i)
                    .lanewise(
                            FMA, FloatVector.fromArray(S, factors, factorsAt + i), FloatVector.fromArray(S, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        return i;
    }

    /** {@code y = (x - center) scale}. */
    static int standardize(float[] x, int xAt, float center, float scale, float[] y, int yAt, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, x, xAt + i).sub(center).mul(scale).intoArray(y, yAt + i);
        }
        return i;
    }

    /** {@code y = (x - center) scale gamma + beta}. */
    static int normalize(
            float[] x,
            int xAt,
            float center,
            float scale,
            float[] gamma,
            float[] beta,
            float[] y,
            int yAt,
            int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, x, xAt + i)
                    .sub(center)
                    .mul(scale)
                    .lanewise(FMA, FloatVector.fromArray(S, gamma, i), FloatVector.fromArray(S, beta, i))
                    .intoArray(y, yAt + i);
        }
        return i;
    }

    /** {@code dy = scale (dy - mean - xn slope)}. */
    static int standardizeGradient(
            float[] xn, int xnAt, float mean, float slope, float scale, float[] dy, int dyAt, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector.fromArray(S, dy, dyAt + i)
                    .sub(mean)
                    .sub(FloatVector.fromArray(S, xn, xnAt + i).mul(slope))
                    .mul(scale)
                    .intoArray(dy, dyAt + i);
        }
        return i;
    }

    /** {@code 0} where {@code |x|} is less than the smallest gradient. */
    static int flush(float[] values, int at, int length) {
        int i = 0;
        for (; i <= length - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, at + i);
            x.blend(0f, x.abs().compare(LT, Kernels.SMALLEST_GRADIENT)).intoArray(values, at + i);
        }
        return i;
    }
}
