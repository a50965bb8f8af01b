package dev.rekur.kernel;

import org.jspecify.annotations.Nullable;

/**
 * How warm one vector kernel is, learned by timing it against the scalar one, call by call; see {@link WarmingKernels}.
 *
 * <p>Threads share it without synchronization: what a race loses is a measurement, and both kernels give the same bits.
 */
final class Warmth {
    /** Attempts in a row that must have been faster than the best scalar call. */
    private static final int WINS = 12;

    /** When to give up: a vector kernel that has not won by then never will. */
    private static final int ATTEMPTS = 50_000;

    private @Nullable Kernels chosen;
    private int wins;
    private int attempts;
    private long vectorNanos;
    private long scalarNanos;
    private float bestScalarNanosPerUnit = Float.MAX_VALUE;

    /** The kernels to use from now on without measuring, or null as long as that is open. */
    @Nullable
    Kernels chosen() {
        return chosen;
    }

    /** Whether the vector kernels may have the next call: they get half of the time, so that a cold start costs no more. */
    boolean isVectorsTurn() {
        return vectorNanos <= scalarNanos;
    }

    void timedScalar(long nanos, int units) {
        scalarNanos += nanos;
        bestScalarNanosPerUnit = Math.min(bestScalarNanosPerUnit, (float) nanos / units);
    }

    void timedVector(long nanos, int units, Kernels vector) {
        vectorNanos += nanos;
        wins = (float) nanos / units < bestScalarNanosPerUnit ? wins + 1 : 0;
        if (wins == WINS) {
            chosen = vector;
        } else if (++attempts == ATTEMPTS) {
            chosen = ScalarKernels.INSTANCE;
        }
    }
}
