package dev.rekur.benchmark;

import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import dev.rekur.training.data.Batch;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.TrainedWeights;
import dev.rekur.training.variable.Tasks;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training costs, and how that grows with the batch and with time: milliseconds a step on two threads, bytes.
 *
 * @param bufferBytes the buffers of all shards: activations, their gradients, what adjoints keep
 * @param activationBytes the inputs, and what every layer puts out
 * @param heapBytes everything that a training holds once it has taken steps; the model and its data aside
 * @param weightBytes what of these are the weights, their gradients and Adam's two moments
 */
record TrainingGrowth(
        String model,
        int batch,
        int time,
        double millis,
        long bufferBytes,
        long activationBytes,
        long heapBytes,
        long weightBytes) {
    /** A doubling may cost this much more than twice, for caches that overflow, before it counts as more than linear. */
    static final double SLOWER = 1.15;

    /** Bytes must be linear but for what a row does not change. */
    static final double LARGER = 1.02;

    private static final int LAPS = 7;

    static TrainingGrowth of(String model, int batch, int time, int steps) {
        TrainingWorkload workload = TrainingWorkload.sized(model, time, batch);
        long buffers = bufferBytes(workload);
        long before = heap();
        try (SteppedTraining training = new SteppedTraining(workload, 2)) {
            training.run(2);
            long held = heap() - before;
            training.run(steps);
            double[] laps = new double[LAPS];
            for (int lap = 0; lap < LAPS; lap++) {
                laps[lap] = training.run(steps).millis();
            }
            return new TrainingGrowth(
                    model,
                    batch,
                    time,
                    Median.of(laps),
                    buffers,
                    workload.activationBytes(),
                    held,
                    4 * 4 * workload.parameters());
        }
    }

    private static long bufferBytes(TrainingWorkload workload) {
        Model model = workload.model();
        Batch batch = workload.batches().get(0);
        StepRunner runner = new StepRunner(
                model,
                new TrainedWeights(model.graph(), model.weights(), (layer, spec) -> spec.trainable()),
                new HashSet<>(model.graph().outputs()),
                Map.of(),
                true,
                0,
                KernelSelection.auto().kernels(),
                Tasks.SERIAL,
                new LastingStates());
        runner.forward(batch.inputs(), 0);
        return runner.sizeBytes();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Times the activations that the buffers take. */
    double buffersOverActivations() {
        return (double) bufferBytes / activationBytes;
    }

    /** What a training holds besides weights, their gradients and moments, in activations. */
    double heldOverActivations() {
        return (double) (heapBytes - weightBytes) / activationBytes;
    }

    /** Whether this costs no more than linearly more time than a smaller one. */
    boolean isLinearInTime(TrainingGrowth smaller) {
        return millis / smaller.millis <= SLOWER * size() / smaller.size();
    }

    /** Whether the buffers are no more than linearly larger than a smaller one's. */
    boolean isLinearInMemory(TrainingGrowth smaller) {
        return (double) bufferBytes / smaller.bufferBytes <= LARGER * size() / smaller.size();
    }

    private double size() {
        return (double) batch * time;
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("batch", batch);
        json.put("time", time);
        json.put("milliseconds", millis);
        json.put("buffer_bytes", bufferBytes);
        json.put("activation_bytes", activationBytes);
        json.put("heap_bytes", heapBytes);
        json.put("weight_bytes", weightBytes);
        return json;
    }

    /** The sizes to look at, each row a series of growing ones: batch and time. */
    static List<int[][]> series() {
        return List.of(
                new int[][] {{32, 100}, {64, 100}, {128, 100}, {256, 100}},
                new int[][] {{64, 50}, {64, 100}, {64, 200}});
    }
}
