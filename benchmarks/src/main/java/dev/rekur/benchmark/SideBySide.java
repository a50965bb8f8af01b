package dev.rekur.benchmark;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Rekur and ONNX Runtime on the same weights and inputs, in one run on one machine, as a table. Before anything is timed, the
 * peers' outputs must agree.
 */
public final class SideBySide {
    private static final double TOLERANCE = 1e-5;
    private static final List<String> PEERS = List.of("rekur", "rekur-scalar", "onnxruntime");

    private SideBySide() {}

    /**
     * Compares, runs and prints.
     *
     * @param arguments {@code quick} for a look at two forks
     */
    public static void main(String[] arguments) throws RunnerException, IOException {
        PrintStream out = System.out;
        boolean quick = List.of(arguments).contains("quick");
        for (String model : List.of("stacked", "residual")) {
            for (int batch : new int[] {1, 64}) {
                compare(out, model, batch);
            }
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(ModelBenchmark.class.getName() + ".predict")
                .param("peer", PEERS.toArray(String[]::new))
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        if (quick) {
            options.forks(2).warmupIterations(4).measurementIterations(2);
        }
        print(out, new Runner(options.build()).run());
    }

    private static void compare(PrintStream out, String model, int batch) {
        Workload workload = Workload.of(model, batch);
        try (Peer reference = Peer.of("rekur", workload, 1)) {
            float[] expected = reference.predict().clone();
            for (String name : PEERS) {
                try (Peer peer = Peer.of(name, workload, batch == 1 ? 1 : 2)) {
                    float[] actual = peer.predict();
                    double worst = 0;
                    for (int i = 0; i < expected.length; i++) {
                        worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
                    }
                    if (!(worst <= TOLERANCE)) {
                        throw new IllegalStateException(
                                name + " disagrees on " + model + ", batch " + batch + ": by " + worst);
                    }
                    out.printf("%s, batch %d: %s agrees within %.1e%n", model, batch, name, worst);
                }
            }
        }
    }

    private static void print(PrintStream out, Collection<RunResult> results) throws IOException {
        Map<String, double[]> medians = new TreeMap<>();
        Map<String, double[]> tails = new TreeMap<>();
        for (RunResult result : results) {
            String key = String.format(
                    "%s %2s %s",
                    result.getParams().getParam("model"),
                    result.getParams().getParam("batch"),
                    result.getParams().getParam("peer"));
            List<Double> p50 = new ArrayList<>();
            List<Double> p99 = new ArrayList<>();
            for (BenchmarkResult fork : result.getBenchmarkResults()) {
                p50.add(fork.getPrimaryResult().getStatistics().getPercentile(50));
                p99.add(fork.getPrimaryResult().getStatistics().getPercentile(99));
            }
            medians.put(
                    key, p50.stream().mapToDouble(Double::doubleValue).sorted().toArray());
            tails.put(
                    key, p99.stream().mapToDouble(Double::doubleValue).sorted().toArray());
        }
        out.printf(
                "%nCPU %s, %d cores; Java %s (%s); ONNX Runtime %s%n",
                Machine.processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"),
                OrtEnvironment.getEnvironment().getVersion());
        out.printf("Microseconds a call: median over the forks of each fork's median (of its 99th percentile), and the "
                + "forks' range. Batch 1 on one thread, batch 64 on two.%n%n");
        out.printf(
                "%-9s %5s  %-13s %10s %10s %20s %16s%n",
                "model", "batch", "peer", "p50", "p99", "p50 of the forks", "x faster");
        medians.forEach((key, p50) -> {
            String[] words = key.trim().split(" +");
            double peer = Median.of(medians.getOrDefault(String.format("%s %2s onnxruntime", words[0], words[1]), p50));
            out.printf(
                    "%-9s %5s  %-13s %10.1f %10.1f %20s %16.2f%n",
                    words[0],
                    words[1],
                    words[2],
                    Median.of(p50),
                    Median.of(tails.getOrDefault(key, p50)),
                    String.format("%.1f - %.1f", p50[0], p50[p50.length - 1]),
                    peer / Median.of(p50));
        });
    }
}
