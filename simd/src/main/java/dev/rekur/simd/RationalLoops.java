package dev.rekur.simd;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Hyperbolic tangent and the piecewise linear activations, repeating {@link Arithmetic} and {@link Activation} operation by operation.
 *
 * <p>Each method works through {@code values} from {@code at} towards {@code end} by whole vectors and returns where it
 * stopped; the caller does the rest. Flat on purpose, see {@link RowTiles}.
 */
final class RationalLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private RationalLoops() {}

    /** As {@link Arithmetic#tanh}. */
    static int tanh(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.blend(Arithmetic.TANH_MOST, x.compare(GT, Arithmetic.TANH_MOST));
            z = z.blend(-Arithmetic.TANH_MOST, z.compare(LT, -Arithmetic.TANH_MOST));
            FloatVector s = z.mul(z);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.P4).lanewise(FMA, s, Arithmetic.P3);
            p = p.lanewise(FMA, s, Arithmetic.P2);
            p = p.lanewise(FMA, s, Arithmetic.P1);
            p = p.lanewise(FMA, s, 1f);
            FloatVector q = FloatVector.broadcast(S, Arithmetic.Q4).lanewise(FMA, s, Arithmetic.Q3);
            q = q.lanewise(FMA, s, Arithmetic.Q2);
            q = q.lanewise(FMA, s, Arithmetic.Q1);
            q = q.lanewise(FMA, s, 1f);
            FloatVector y = z.mul(p).div(q);
            y = y.blend(1f, y.compare(GT, 1f));
            y = y.blend(-1f, y.compare(LT, -1f));
            y = y.blend(Float.NaN, y.compare(NE, y));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#RELU}. */
    static int relu(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector y = x.blend(0f, x.compare(LE, 0f));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#LEAKY_RELU}. */
    static int leakyRelu(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector y = x.mul(Activation.LEAK).blend(x, x.compare(GT, 0f));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#HARD_SIGMOID}. */
    static int hardSigmoid(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.add(3f);
            z = z.blend(6f, z.compare(GT, 6f));
            z = z.blend(0f, z.compare(LT, 0f));
            FloatVector y = z.div(6f);
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#HARD_SIGMOID_KERAS2}. */
    static int hardSigmoidKeras2(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector y = x.mul(0.2f).add(0.5f);
            y = y.blend(1f, y.compare(GT, 1f));
            y = y.blend(0f, y.compare(LT, 0f));
            y.intoArray(values, i);
        }
        return i;
    }
}
