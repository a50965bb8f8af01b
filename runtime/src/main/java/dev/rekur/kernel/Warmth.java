package dev.rekur.kernel;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How warm one vector kernel is, and what warms it: a small piece of made-up work, done by turns on scalar and on vector
 * kernels until the latter have been faster often enough; see {@link WarmingKernels}.
 *
 * <p>Made-up work, since real work would be too much at a time for a cold kernel, and since HotSpot counts calls and loops:
 * the smaller each of them, the sooner it compiles.
 *
 * <p>Threads share it without synchronization: what a race loses is a measurement, and both kernels give the same bits.
 */
final class Warmth {
    /** Laps in a row that the vector kernels must have won. */
    private static final int WINS = 10;

    /** When to give up: vector kernels that have not won by then never will. */
    private static final int LAPS = 50_000;

    private static final int REPETITIONS = 4;

    private final Consumer<Kernels> work;
    private @Nullable Kernels chosen;
    private int wins;
    private int laps;
    private long credit;

    /**
     * @param work the piece of work; runs on several threads at once, whose results must not matter
     */
    Warmth(Consumer<Kernels> work) {
        this.work = work;
    }

    /** The kernels to use from now on, or null as long as that is open. */
    @Nullable
    Kernels chosen() {
        return chosen;
    }

    /** Spends as much time on warming up as the caller has just spent on scalar work. */
    void spend(long nanos, Kernels vector) {
        credit += nanos;
        while (credit > 0 && chosen == null) {
            credit -= lap(vector);
        }
    }

    private long lap(Kernels vector) {
        long start = System.nanoTime();
        repeat(ScalarKernels.INSTANCE);
        long middle = System.nanoTime();
        repeat(vector);
        long end = System.nanoTime();
        wins = end - middle < middle - start ? wins + 1 : 0;
        laps++;
        if (wins == WINS) {
            chosen = vector;
        } else if (laps == LAPS) {
            chosen = ScalarKernels.INSTANCE;
        }
        return end - start;
    }

    private void repeat(Kernels kernels) {
        for (int i = 0; i < REPETITIONS; i++) {
            work.accept(kernels);
        }
    }
}
