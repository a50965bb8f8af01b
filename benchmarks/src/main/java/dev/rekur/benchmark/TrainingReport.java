package dev.rekur.benchmark;

import dev.rekur.format.json.JsonWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of a {@link TrainingSideBySide}.
 *
 * @param growths series of growing sizes
 * @param load of the machine before the run
 */
record TrainingReport(List<TrainingComparison> comparisons, List<List<TrainingGrowth>> growths, double load) {
    private static final double MEBIBYTE = 1024 * 1024;

    void print(PrintStream out) throws IOException {
        out.printf(
                Locale.ROOT,
                "%nCPU %s, %d cores, load %.1f before the run; Java %s (%s)%n",
                Machine.processor(),
                Runtime.getRuntime().availableProcessors(),
                load,
                System.getProperty("java.version"),
                System.getProperty("java.vm.name"));
        versions().forEach((name, version) -> out.println(version));
        printSteps(out);
        printGrowth(out);
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        comparisons.forEach(comparison -> versions.putAll(comparison.versions()));
        return versions;
    }

    private void printSteps(PrintStream out) {
        out.printf(
                "%nA step of 64 rows of 100 time steps: forward, loss, backward, Adam. Medians of all laps. 'x faster': Rekur "
                        + "than%nthe fastest peer with no more threads. 'loss differs': from Rekur's over five steps, without "
                        + "dropout.%n%n");
        out.printf(
                "%-18s %-6s %7s %-20s %8s %6s %9s %13s%n",
                "workload", "peer", "threads", "fastest way", "ms/step", "cores", "x faster", "loss differs");
        for (TrainingComparison comparison : comparisons) {
            for (String key : comparison.peers()) {
                String[] words = key.split(" ");
                int threads = Integer.parseInt(words[1]);
                String faster = !words[0].equals(TrainingComparison.REKUR)
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "%.2f",
                                comparison.millis(comparison.fastestPeer(threads)) / comparison.millis(key));
                out.printf(
                        Locale.ROOT,
                        "%-18s %-6s %7d %-20s %8.2f %6.2f %9s %13.1e%n",
                        comparison,
                        words[0],
                        threads,
                        comparison.way(key),
                        comparison.millis(key),
                        comparison.cores(key),
                        faster,
                        comparison.worstDifference(words[0]));
            }
        }
        out.println();
        for (TrainingComparison comparison : comparisons) {
            out.printf(
                    "%s: Rekur allocates %d bytes a step on one thread, %d on two%n",
                    comparison, comparison.allocatedPerStep(1), comparison.allocatedPerStep(2));
        }
    }

    private void printGrowth(PrintStream out) {
        out.printf(
                "%nGrowth, two threads. 'buffers' hold activations, their gradients and what adjoints keep; 'held' is all that a "
                        + "training%nholds on the heap, 'beside weights' without weights, gradients and Adam's moments; both also "
                        + "in activations.%n%n");
        out.printf(
                "%-9s %5s %5s %9s %7s %12s %8s %11s %8s %15s  %s%n",
                "model",
                "batch",
                "time",
                "ms/step",
                "x time",
                "buffers MiB",
                "x",
                "activations",
                "held MiB",
                "beside weights",
                "linear");
        for (List<TrainingGrowth> series : growths) {
            TrainingGrowth before = null;
            for (TrainingGrowth growth : series) {
                out.printf(
                        Locale.ROOT,
                        "%-9s %5d %5d %9.2f %7s %12.1f %8.2f %11.1f %8.1f %15.2f  %s%n",
                        growth.model(),
                        growth.batch(),
                        growth.time(),
                        growth.millis(),
                        before == null ? "" : String.format(Locale.ROOT, "%.2f", growth.millis() / before.millis()),
                        growth.bufferBytes() / MEBIBYTE,
                        growth.buffersOverActivations(),
                        growth.activationBytes() / MEBIBYTE,
                        growth.heapBytes() / MEBIBYTE,
                        growth.heldOverActivations(),
                        before == null ? "" : linear(before, growth));
                before = growth;
            }
        }
    }

    private static String linear(TrainingGrowth before, TrainingGrowth growth) {
        return (growth.isLinearInTime(before) ? "yes" : "NOT IN TIME")
                + (growth.isLinearInMemory(before) ? ", yes" : ", NOT IN MEMORY");
    }

    String toJson() throws IOException {
        Map<String, Object> machine = new LinkedHashMap<>();
        machine.put("processor", Machine.processor());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        machine.put("load_before", load);
        machine.put("java", System.getProperty("java.version"));
        machine.put("vm", System.getProperty("java.vm.name"));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("machine", machine);
        json.put("versions", versions());
        json.put(
                "comparisons",
                comparisons.stream().map(TrainingComparison::toJson).toList());
        json.put(
                "growth",
                growths.stream()
                        .flatMap(List::stream)
                        .map(TrainingGrowth::toJson)
                        .toList());
        return JsonWriter.write(json) + "\n";
    }
}
