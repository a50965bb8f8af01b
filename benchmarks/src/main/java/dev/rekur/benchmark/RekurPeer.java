package dev.rekur.benchmark;

import dev.rekur.inference.Predictor;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Rekur: on one thread through the calls from array to array, which do not allocate; on several through tensors. */
final class RekurPeer implements Peer {
    private final Workload workload;
    private final ExecutorService executor;
    private final Predictor predictor;
    private final boolean parallel;
    private final Tensor input;
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
        this.parallel = threads > 1;
        int[] shape = workload.model()
                .graph()
                .shape(workload.model().graph().inputs().get(0))
                .dimensions();
        shape[0] = workload.batch();
        this.input = workload.takesTokens()
                ? IntTensor.wrap(Shape.of(shape), workload.tokens())
                : FloatTensor.wrap(Shape.of(shape), workload.values());
        this.out = new float[workload.batch() * workload.outputSize()];
    }

    @Override
    public float[] predict() {
        if (parallel) {
            return ((FloatTensor) predictor.predict(input)).toArray();
        }
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
