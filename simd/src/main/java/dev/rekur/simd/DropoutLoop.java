package dev.rekur.simd;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.rekur.kernel.Draws;
import dev.rekur.kernel.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#dropout}, with {@link Draws} made in vectors: the two halves of each word belong to two vectors of a block. */
final class DropoutLoop {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int[] COUNTING = new int[L];

    static {
        for (int i = 0; i < L; i++) {
            COUNTING[i] = i;
        }
    }

    private DropoutLoop() {}

    /** Does whole blocks and returns how many elements that were. */
    static int dropout(long key, int threshold, float scale, float[] x, int xAt, float[] y, int yAt, int length) {
        int blocks = length / Draws.BLOCK;
        IntVector first = IntVector.fromArray(I, COUNTING, 0).add(Draws.low(key));
        IntVector least = IntVector.broadcast(I, threshold - 1);
        for (int word = 0; word < blocks * Draws.WORDS; word += L) {
            IntVector w = first.add(word);
            w = w.lanewise(LSHR, 16).lanewise(XOR, w).mul(Draws.FIRST_FACTOR);
            w = w.lanewise(LSHR, 15).lanewise(XOR, w).mul(Draws.SECOND_FACTOR);
            w = w.lanewise(LSHR, 15).lanewise(XOR, w).add(Draws.high(key));
            w = w.lanewise(LSHR, 16).lanewise(XOR, w).mul(Draws.FIRST_FACTOR);
            w = w.lanewise(LSHR, 15).lanewise(XOR, w).mul(Draws.SECOND_FACTOR);
            w = w.lanewise(LSHR, 15).lanewise(XOR, w);
            int low = word / Draws.WORDS * Draws.BLOCK + word % Draws.WORDS;
            int high = low + Draws.WORDS;
            IntVector keepLow = least.sub(w.and(Draws.MASK)).lanewise(ASHR, 31);
            FloatVector.fromArray(S, x, xAt + low)
                    .mul(scale)
                    .reinterpretAsInts()
                    .and(keepLow)
                    .reinterpretAsFloats()
                    .intoArray(y, yAt + low);
            IntVector keepHigh = least.sub(w.lanewise(LSHR, 16)).lanewise(ASHR, 31);
            FloatVector.fromArray(S, x, xAt + high)
                    .mul(scale)
                    .reinterpretAsInts()
                    .and(keepHigh)
                    .reinterpretAsFloats()
                    .intoArray(y, yAt + high);
        }
        return blocks * Draws.BLOCK;
    }
}
