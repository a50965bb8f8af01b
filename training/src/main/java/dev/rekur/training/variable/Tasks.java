package dev.rekur.training.variable;

import java.util.function.IntConsumer;

/** Runs pieces of work that do not depend on each other, on one thread or on several. */
@FunctionalInterface
public interface Tasks {
    /** On the calling thread, in order. */
    Tasks SERIAL = (count, task) -> {
        for (int i = 0; i < count; i++) {
            task.accept(i);
        }
    };

    /**
     * Runs {@code task} for each number from 0 to {@code count - 1}, in any order, and returns when all are done.
     *
     * @param count number of tasks
     * @param task must give the same result whichever thread runs it, and whatever ran before
     */
    void run(int count, IntConsumer task);
}
