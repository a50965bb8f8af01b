package dev.rekur.benchmark;

import dev.rekur.training.FitOption;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import org.jspecify.annotations.Nullable;

/**
 * A training that takes steps when it is told to. {@code fit} runs on a thread of its own and asks for batches; each lap is an
 * epoch to it, and between laps it waits. What is timed is what {@code fit} does from its first batch to its last.
 */
final class SteppedTraining implements AutoCloseable {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final com.sun.management.OperatingSystemMXBean SYSTEM =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final List<Batch> batches;
    private final SynchronousQueue<Order> orders = new SynchronousQueue<>();
    private final List<Long> threadIds = new ArrayList<>();
    private final ExecutorService executor;
    private final Thread fitting;
    private @Nullable Order current;
    private int nextBatch;

    /**
     * Some steps.
     *
     * @param seconds that they took
     * @param cpuSeconds processor time of the whole JVM
     * @param allocatedBytes by all threads that train
     */
    record Lap(int steps, double seconds, double cpuSeconds, long allocatedBytes) {
        double millis() {
            return seconds * 1e3 / steps;
        }
    }

    private record Order(int steps, CompletableFuture<Lap> lap) {}

    SteppedTraining(TrainingWorkload workload, int threads) {
        batches = workload.batches();
        executor = Executors.newFixedThreadPool(threads, this::thread);
        Dataset data = Dataset.of(this::epoch);
        fitting = thread(() -> {
            try {
                workload.trainer().parallel(executor, threads).fit(data, FitOption.epochs(Integer.MAX_VALUE));
            } catch (CancellationException closed) {
                // that is how it ends
            } catch (RuntimeException | Error failure) {
                Order order = current;
                if (order != null) {
                    order.lap.completeExceptionally(failure);
                }
            }
        });
        fitting.start();
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task, "training");
        thread.setDaemon(true);
        synchronized (threadIds) {
            threadIds.add(thread.getId());
        }
        return thread;
    }

    /** Takes steps, each on the batch after the last one's. */
    Lap run(int steps) {
        Order order = new Order(steps, new CompletableFuture<>());
        try {
            orders.put(order);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return order.lap.join();
    }

    private Iterator<Batch> epoch() {
        Order order;
        try {
            order = orders.take();
        } catch (InterruptedException e) {
            throw new CancellationException();
        }
        current = order;
        return new LapBatches(order);
    }

    private long allocated() {
        long sum = 0;
        synchronized (threadIds) {
            for (int i = 0; i < threadIds.size(); i++) {
                sum += Math.max(0, THREADS.getThreadAllocatedBytes(threadIds.get(i)));
            }
        }
        return sum;
    }

    /** Hands out the batches of a lap, and measures. */
    private final class LapBatches implements Iterator<Batch> {
        private final Order order;
        private int taken;
        private long beginBytes;
        private long beginCpu;
        private long begin;

        LapBatches(Order order) {
            this.order = order;
        }

        @Override
        public boolean hasNext() {
            if (taken < order.steps) {
                return true;
            }
            long end = System.nanoTime();
            double cpu = (SYSTEM.getProcessCpuTime() - beginCpu) / 1e9;
            long bytes = allocated() - beginBytes;
            order.lap.complete(new Lap(order.steps, (end - begin) / 1e9, cpu, bytes));
            return false;
        }

        @Override
        public Batch next() {
            if (taken++ == 0) {
                beginCpu = SYSTEM.getProcessCpuTime();
                beginBytes = allocated();
                begin = System.nanoTime();
            }
            Batch batch = batches.get(nextBatch);
            nextBatch = (nextBatch + 1) % batches.size();
            return batch;
        }
    }

    @Override
    public void close() {
        fitting.interrupt();
        executor.shutdownNow();
    }
}
