package dev.rekur.simd;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in the order of {@link Kernels#sum}: the 16 partial sums are four vectors of 128 bits, which every machine has, so
 * that there is one body for all widths. What does not fill 16 elements, and short rows, are added as scalars.
 */
final class Sums {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_128;
    private static final int PARTS = 16;

    private Sums() {}

    static float sum(float[] values, int at, int length) {
        if (length % PARTS != 0 || length == 0) {
            return ScalarKernels.INSTANCE.sum(values, at, length);
        }
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s4 = FloatVector.zero(S);
        FloatVector s8 = FloatVector.zero(S);
        FloatVector s12 = FloatVector.zero(S);
        for (int i = at; i < at + length; i += PARTS) {
            s0 = s0.add(FloatVector.fromArray(S, values, i));
            s4 = s4.add(FloatVector.fromArray(S, values, i + 4));
            s8 = s8.add(FloatVector.fromArray(S, values, i + 8));
            s12 = s12.add(FloatVector.fromArray(S, values, i + 12));
        }
        FloatVector s = s0.add(s8).add(s4.add(s12));
        return (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
    }

    static float sumOfSquares(float[] values, int at, int length, float center) {
        if (length % PARTS != 0 || length == 0) {
            return ScalarKernels.INSTANCE.sumOfSquares(values, at, length, center);
        }
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s4 = FloatVector.zero(S);
        FloatVector s8 = FloatVector.zero(S);
        FloatVector s12 = FloatVector.zero(S);
        for (int i = at; i < at + length; i += PARTS) {
            FloatVector d0 = FloatVector.fromArray(S, values, i).sub(center);
            FloatVector d4 = FloatVector.fromArray(S, values, i + 4).sub(center);
            FloatVector d8 = FloatVector.fromArray(S, values, i + 8).sub(center);
            FloatVector d12 = FloatVector.fromArray(S, values, i + 12).sub(center);
            s0 = d0.fma(d0, s0);
            s4 = d4.fma(d4, s4);
            s8 = d8.fma(d8, s8);
            s12 = d12.fma(d12, s12);
        }
        FloatVector s = s0.add(s8).add(s4.add(s12));
        return (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
    }
}
