package dev.rekur.simd;

import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.ScalarKernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums in the order of {@link Kernels#sum}: the 16 partial sums are one vector of 512 bits, two of 256 or four of 128. The
 * branches on the width are constant, so that nothing is left of them. Lengths that are no multiple of 16 are added as
 * scalars.
 *
 * <p>Four vectors of 128 bits would do everywhere, but must not be used: where one process works with two shapes, the type
 * profiles of the Vector API's own methods become ambiguous, and on JDK 17 vectors turn into objects.
 */
final class Sums {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int PARTS = 16;

    private Sums() {}

    static float sum(float[] values, int at, int length) {
        if (length % PARTS != 0) {
            return ScalarKernels.INSTANCE.sum(values, at, length);
        }
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = at; i < at + length; i += PARTS) {
            s0 = s0.add(FloatVector.fromArray(S, values, i));
            if (L <= 8) {
                s1 = s1.add(FloatVector.fromArray(S, values, i + L));
            }
            if (L == 4) {
                s2 = s2.add(FloatVector.fromArray(S, values, i + 2 * L));
                s3 = s3.add(FloatVector.fromArray(S, values, i + 3 * L));
            }
        }
        if (L == 4) {
            FloatVector s = s0.add(s2).add(s1.add(s3));
            return (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
        }
        if (L == 8) {
            FloatVector s = s0.add(s1);
            return ((s.lane(0) + s.lane(4)) + (s.lane(2) + s.lane(6)))
                    + ((s.lane(1) + s.lane(5)) + (s.lane(3) + s.lane(7)));
        }
        return (((s0.lane(0) + s0.lane(8)) + (s0.lane(4) + s0.lane(12)))
                        + ((s0.lane(2) + s0.lane(10)) + (s0.lane(6) + s0.lane(14))))
                + (((s0.lane(1) + s0.lane(9)) + (s0.lane(5) + s0.lane(13)))
                        + ((s0.lane(3) + s0.lane(11)) + (s0.lane(7) + s0.lane(15))));
    }

    static float sumOfSquares(float[] values, int at, int length, float center) {
        if (length % PARTS != 0) {
            return ScalarKernels.INSTANCE.sumOfSquares(values, at, length, center);
        }
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector c = FloatVector.broadcast(S, center);
        for (int i = at; i < at + length; i += PARTS) {
            FloatVector d0 = FloatVector.fromArray(S, values, i).sub(c);
            s0 = d0.fma(d0, s0);
            if (L <= 8) {
                FloatVector d1 = FloatVector.fromArray(S, values, i + L).sub(c);
                s1 = d1.fma(d1, s1);
            }
            if (L == 4) {
                FloatVector d2 = FloatVector.fromArray(S, values, i + 2 * L).sub(c);
                FloatVector d3 = FloatVector.fromArray(S, values, i + 3 * L).sub(c);
                s2 = d2.fma(d2, s2);
                s3 = d3.fma(d3, s3);
            }
        }
        if (L == 4) {
            FloatVector s = s0.add(s2).add(s1.add(s3));
            return (s.lane(0) + s.lane(2)) + (s.lane(1) + s.lane(3));
        }
        if (L == 8) {
            FloatVector s = s0.add(s1);
            return ((s.lane(0) + s.lane(4)) + (s.lane(2) + s.lane(6)))
                    + ((s.lane(1) + s.lane(5)) + (s.lane(3) + s.lane(7)));
        }
        return (((s0.lane(0) + s0.lane(8)) + (s0.lane(4) + s0.lane(12)))
                        + ((s0.lane(2) + s0.lane(10)) + (s0.lane(6) + s0.lane(14))))
                + (((s0.lane(1) + s0.lane(9)) + (s0.lane(5) + s0.lane(13)))
                        + ((s0.lane(3) + s0.lane(11)) + (s0.lane(7) + s0.lane(15))));
    }
}
