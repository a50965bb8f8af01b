package dev.rekur.benchmark;

import dev.rekur.inference.Predictor;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.model.Model;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;

/**
 * From the start of a JVM to its first predictions, and how they become fast: run it in a JVM of its own. The first argument
 * is the model, the second the kernels: {@code auto}, {@code simd} or {@code scalar}.
 */
public final class FirstPrediction {
    private FirstPrediction() {}

    /** Prints milliseconds. */
    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        PrintStream out = System.out;
        String name = arguments.length > 0 ? arguments[0] : "stacked";
        KernelSelection kernels =
                switch (arguments.length > 1 ? arguments[1] : "auto") {
                    case "simd" -> KernelSelection.simd();
                    case "scalar" -> KernelSelection.scalar();
                    default -> KernelSelection.auto();
                };
        long selected = System.nanoTime();
        Workload workload = Workload.of(name, 1);
        long loaded = System.nanoTime();
        Model model = workload.model();
        Predictor predictor = Predictor.of(model).kernels(kernels).build();
        float[] result = new float[workload.outputSize()];
        int calls = 0;
        long first = 0;
        double fastest = Double.MAX_VALUE;
        double warm = 0;
        while (System.nanoTime() - loaded < 10_000_000_000L) {
            long start = System.nanoTime();
            if (workload.takesTokens()) {
                predictor.predict(workload.tokens(), 1, result);
            } else {
                predictor.predict(workload.values(), 1, result);
            }
            long end = System.nanoTime();
            if (calls++ == 0) {
                first = end;
            }
            double micros = (end - start) / 1e3;
            if (micros < fastest * 0.8) {
                warm = (end - first) / 1e6; // the last time that a call was clearly faster than all before
            }
            fastest = Math.min(fastest, micros);
        }
        long uptime = ManagementFactory.getRuntimeMXBean().getStartTime();
        double boot = System.currentTimeMillis() - uptime - (System.nanoTime() - begin) / 1e6;
        out.printf(
                "%s, %s: JVM %.0f ms, kernels %.0f, load %.0f, first prediction %.0f, together %.0f; "
                        + "warm %.0f ms later, then %.0f us a call%n",
                name,
                kernels.reason(),
                boot,
                (selected - begin) / 1e6,
                (loaded - selected) / 1e6,
                (first - loaded) / 1e6,
                boot + (first - begin) / 1e6,
                warm,
                fastest);
    }
}
