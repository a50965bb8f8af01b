package dev.rekur.cli;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The threads that help the one that runs a verb; they end with it. */
final class Workers implements AutoCloseable {
    private final ExecutorService executor;

    /**
     * Starts nothing yet: threads begin with their first task.
     *
     * @param threads those that work at the same time, the calling one included; at least 2
     */
    Workers(int threads) {
        executor = Executors.newFixedThreadPool(threads - 1, task -> {
            Thread thread = new Thread(task, "rekur-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    Executor executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
