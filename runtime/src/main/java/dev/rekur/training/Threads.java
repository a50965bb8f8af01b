package dev.rekur.training;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Tasks on the calling thread and on those of an executor: whoever is free takes the next. A task of the executor that never
 * runs costs speed, not the result.
 */
final class Threads implements Tasks {
    private final Executor executor;
    private final int threads;

    Threads(Executor executor, int threads) {
        this.executor = executor;
        this.threads = threads;
    }

    @Override
    public void run(int count, IntConsumer task) {
        if (count <= 1 || threads <= 1) {
            SERIAL.run(count, task);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        CountDownLatch unfinished = new CountDownLatch(count);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Runnable worker = () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                try {
                    task.accept(i);
                } catch (RuntimeException | Error thrown) {
                    failure.compareAndSet(null, thrown);
                } finally {
                    unfinished.countDown();
                }
            }
        };
        try {
            for (int i = 1; i < Math.min(threads, count); i++) {
                executor.execute(worker);
            }
        } catch (RejectedExecutionException rejected) {
            // the calling thread does it all
        }
        worker.run();
        await(unfinished);
        Throwable thrown = failure.get();
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
    }

    private static void await(CountDownLatch unfinished) {
        boolean interrupted = false;
        while (true) {
            try {
                unfinished.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // tasks write to what the caller owns: leave only when they are done
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
