package dev.rekur.training.optimizer;

import java.util.List;

/**
 * The arithmetic of one optimizer in one training, in single precision and in Keras's order of operations.
 *
 * <p>Loops run over flat arrays that are all indexed by the loop's variable alone, which the JVM's compiler turns into vector
 * instructions; settings are copied to locals before for the same reason.
 */
abstract class UpdateRule {
    /**
     * Prepares a step: everything that is the same for all elements.
     *
     * @param step counted from 1
     */
    abstract void begin(float learningRate, long step);

    /**
     * Moves the elements {@code from} (inclusive) to {@code to} (exclusive) of a variable. Called by several threads, each
     * with elements of its own.
     *
     * @param slots the variable's, in the order of {@link TunableOptimizer#slots()}
     */
    abstract void update(float[] weights, float[] gradients, float[][] slots, int from, int to);

    /** What is kept for all variables together, behind everything else. */
    List<Slot> shared() {
        return List.of();
    }

    /** Sets {@link #shared} to what it is after so many steps, for files that lack it. */
    void beginShared(long steps) {}

    /**
     * {@code base ^ exponent} in single precision, on every machine the same: repeated squaring in double precision, whose
     * error is far below what single precision shows, for any power that it shows.
     */
    static float power(double base, long exponent) {
        double power = 1;
        double square = (float) base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                power *= square;
            }
            square *= square;
        }
        return (float) power;
    }
}
