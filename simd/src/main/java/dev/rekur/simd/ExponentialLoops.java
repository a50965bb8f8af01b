package dev.rekur.simd;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Activations made of the exponential function, repeating {@link Arithmetic} operation by operation.
 *
 * <p>Each method works through {@code values} from {@code at} towards {@code end} by whole vectors and returns where it
 * stopped; the caller does the rest. Flat on purpose, see {@link RowTiles}.
 */
final class ExponentialLoops {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private ExponentialLoops() {}

    /** As {@link Arithmetic#exp}. */
    static int exp(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x;
            z = z.blend(Arithmetic.EXP_LEAST, z.compare(LT, Arithmetic.EXP_LEAST));
            z = z.blend(Arithmetic.EXP_MOST, z.compare(GT, Arithmetic.EXP_MOST));
            FloatVector shifted = z.fma(Arithmetic.LOG2_E, Arithmetic.ROUNDER);
            FloatVector n = shifted.sub(Arithmetic.ROUNDER);
            FloatVector r = n.lanewise(FMA, Arithmetic.MINUS_LN2_HIGH, z);
            r = n.lanewise(FMA, Arithmetic.MINUS_LN2_LOW, r);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.E6).lanewise(FMA, r, Arithmetic.E5);
            p = p.lanewise(FMA, r, Arithmetic.E4);
            p = p.lanewise(FMA, r, Arithmetic.E3);
            p = p.lanewise(FMA, r, Arithmetic.E2);
            FloatVector m = p.fma(r.mul(r), r).add(1f);
            IntVector exponent =
                    shifted.viewAsIntegralLanes().reinterpretAsInts().sub(Arithmetic.ROUNDER_BITS);
            IntVector half = exponent.lanewise(ASHR, 1);
            FloatVector low = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector high = exponent.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector y = m.mul(low).mul(high);
            y = y.blend(Float.NaN, y.compare(NE, y));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Arithmetic#sigmoid}. */
    static int sigmoid(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.abs().neg();
            z = z.blend(Arithmetic.EXP_LEAST, z.compare(LT, Arithmetic.EXP_LEAST));
            FloatVector shifted = z.fma(Arithmetic.LOG2_E, Arithmetic.ROUNDER);
            FloatVector n = shifted.sub(Arithmetic.ROUNDER);
            FloatVector r = n.lanewise(FMA, Arithmetic.MINUS_LN2_HIGH, z);
            r = n.lanewise(FMA, Arithmetic.MINUS_LN2_LOW, r);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.E6).lanewise(FMA, r, Arithmetic.E5);
            p = p.lanewise(FMA, r, Arithmetic.E4);
            p = p.lanewise(FMA, r, Arithmetic.E3);
            p = p.lanewise(FMA, r, Arithmetic.E2);
            FloatVector m = p.fma(r.mul(r), r).add(1f);
            IntVector exponent =
                    shifted.viewAsIntegralLanes().reinterpretAsInts().sub(Arithmetic.ROUNDER_BITS);
            IntVector half = exponent.lanewise(ASHR, 1);
            FloatVector low = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector high = exponent.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector e = m.mul(low).mul(high);
            FloatVector numerator = FloatVector.broadcast(S, 1f).blend(e, x.compare(LT, 0f));
            FloatVector y = numerator.div(e.add(1f));
            y = y.blend(Float.NaN, y.compare(NE, y));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#SILU}. */
    static int silu(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.abs().neg();
            z = z.blend(Arithmetic.EXP_LEAST, z.compare(LT, Arithmetic.EXP_LEAST));
            FloatVector shifted = z.fma(Arithmetic.LOG2_E, Arithmetic.ROUNDER);
            FloatVector n = shifted.sub(Arithmetic.ROUNDER);
            FloatVector r = n.lanewise(FMA, Arithmetic.MINUS_LN2_HIGH, z);
            r = n.lanewise(FMA, Arithmetic.MINUS_LN2_LOW, r);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.E6).lanewise(FMA, r, Arithmetic.E5);
            p = p.lanewise(FMA, r, Arithmetic.E4);
            p = p.lanewise(FMA, r, Arithmetic.E3);
            p = p.lanewise(FMA, r, Arithmetic.E2);
            FloatVector m = p.fma(r.mul(r), r).add(1f);
            IntVector exponent =
                    shifted.viewAsIntegralLanes().reinterpretAsInts().sub(Arithmetic.ROUNDER_BITS);
            IntVector half = exponent.lanewise(ASHR, 1);
            FloatVector low = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector high = exponent.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector e = m.mul(low).mul(high);
            FloatVector numerator = FloatVector.broadcast(S, 1f).blend(e, x.compare(LT, 0f));
            FloatVector y = x.mul(numerator.div(e.add(1f)));
            y = y.blend(Float.NaN, y.compare(NE, y));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#ELU}. */
    static int elu(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.blend(Arithmetic.EXPM1_LEAST, x.compare(LT, Arithmetic.EXPM1_LEAST));
            FloatVector shifted = z.fma(Arithmetic.LOG2_E, Arithmetic.ROUNDER);
            FloatVector n = shifted.sub(Arithmetic.ROUNDER);
            FloatVector r = n.lanewise(FMA, Arithmetic.MINUS_LN2_HIGH, z);
            r = n.lanewise(FMA, Arithmetic.MINUS_LN2_LOW, r);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.E6).lanewise(FMA, r, Arithmetic.E5);
            p = p.lanewise(FMA, r, Arithmetic.E4);
            p = p.lanewise(FMA, r, Arithmetic.E3);
            p = p.lanewise(FMA, r, Arithmetic.E2);
            FloatVector m = p.fma(r.mul(r), r);
            IntVector exponent =
                    shifted.viewAsIntegralLanes().reinterpretAsInts().sub(Arithmetic.ROUNDER_BITS);
            FloatVector power = exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector e = power.fma(m, power.sub(1f));
            e = e.blend(Float.NaN, e.compare(NE, e));
            FloatVector y = e.blend(x, x.compare(GE, 0f));
            y.intoArray(values, i);
        }
        return i;
    }

    /** As {@link Activation#SELU}. */
    static int selu(float[] values, int at, int end) {
        int i = at;
        for (; i <= end - L; i += L) {
            FloatVector x = FloatVector.fromArray(S, values, i);
            FloatVector z = x.blend(Arithmetic.EXPM1_LEAST, x.compare(LT, Arithmetic.EXPM1_LEAST));
            FloatVector shifted = z.fma(Arithmetic.LOG2_E, Arithmetic.ROUNDER);
            FloatVector n = shifted.sub(Arithmetic.ROUNDER);
            FloatVector r = n.lanewise(FMA, Arithmetic.MINUS_LN2_HIGH, z);
            r = n.lanewise(FMA, Arithmetic.MINUS_LN2_LOW, r);
            FloatVector p = FloatVector.broadcast(S, Arithmetic.E6).lanewise(FMA, r, Arithmetic.E5);
            p = p.lanewise(FMA, r, Arithmetic.E4);
            p = p.lanewise(FMA, r, Arithmetic.E3);
            p = p.lanewise(FMA, r, Arithmetic.E2);
            FloatVector m = p.fma(r.mul(r), r);
            IntVector exponent =
                    shifted.viewAsIntegralLanes().reinterpretAsInts().sub(Arithmetic.ROUNDER_BITS);
            FloatVector power = exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector e = power.fma(m, power.sub(1f));
            e = e.blend(Float.NaN, e.compare(NE, e));
            FloatVector y = e.mul(Activation.SELU_SCALE_ALPHA).blend(x.mul(Activation.SELU_SCALE), x.compare(GE, 0f));
            y.intoArray(values, i);
        }
        return i;
    }
}
