package dev.rekur.benchmark;

import dev.rekur.inference.Predictor;
import dev.rekur.kernel.KernelSelection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Rekur, through the calls that do not allocate. */
final class RekurPeer implements Peer {
    private final Workload workload;
    private final ExecutorService executor;
    private final Predictor predictor;
    private final float[] out;

    RekurPeer(Workload workload, int threads, KernelSelection kernels) {
        this.workload = workload;
        this.executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "rekur");
            thread.setDaemon(true);
            return thread;
        });
        Predictor.Builder builder = Predictor.of(workload.model()).kernels(kernels);
        this.predictor = (threads > 1 ? builder.parallel(executor, threads) : builder).build();
        this.out = new float[workload.batch() * workload.outputSize()];
    }

    @Override
    public float[] predict() {
        if (workload.takesTokens()) {
            predictor.predict(workload.tokens(), workload.batch(), out);
        } else {
            predictor.predict(workload.values(), workload.batch(), out);
        }
        return out;
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
