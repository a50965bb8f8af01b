package dev.rekur.benchmark;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of training, Rekur beside Keras on TensorFlow and PyTorch, on one machine in one run: 64 rows of 100 steps, forward, loss,
 * backward, Adam. Before anything is timed, the losses of the first steps must agree. Prints tables, and writes everything that
 * was measured to {@code results.json} in {@link TrainingWorkload#folder}.
 */
public final class TrainingSideBySide {
    private static final String[][] WORKLOADS = {
        {"stacked", "random"}, {"stacked", "text"}, {"residual", "vectors"},
    };

    private static final List<String> MODELS = List.of("stacked", "residual");

    private TrainingSideBySide() {}

    /**
     * Compares, times and prints.
     *
     * @param arguments {@code quick} for one round of a few short laps; names of models, if not all
     */
    public static void main(String[] arguments) throws IOException {
        boolean quick = List.of(arguments).contains("quick");
        List<String> models =
                MODELS.stream().filter(List.of(arguments)::contains).toList();
        models = models.isEmpty() ? MODELS : models;
        int rounds = quick ? 1 : 3;
        int laps = quick ? 3 : 7;
        int steps = quick ? 8 : 16;
        PrintStream out = System.out;
        Path folder = TrainingWorkload.folder();
        Path log = folder.resolve("peers.log");
        Files.deleteIfExists(log);
        double load = Machine.load();
        List<TrainingComparison> comparisons = new ArrayList<>();
        for (String[] workload : WORKLOADS) {
            if (models.contains(workload[0])) {
                comparisons.add(new TrainingComparison(workload[0], workload[1]));
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (TrainingComparison comparison : comparisons) {
                System.err.println("round " + (round + 1) + " of " + rounds + ": " + comparison);
                comparison.round(starters(comparison.model(), comparison.inputs(), log), laps, steps);
            }
        }
        List<List<TrainingGrowth>> growths = new ArrayList<>();
        for (String model : models) {
            TrainingGrowth.of(model, TrainingWorkload.BATCH, TrainingWorkload.TIME, 8 * steps); // compiles
            for (int[][] series : TrainingGrowth.series()) {
                List<TrainingGrowth> growth = new ArrayList<>();
                for (int[] size : series) {
                    System.err.println("growth: " + model + ", batch " + size[0] + ", time " + size[1]);
                    growth.add(TrainingGrowth.of(model, size[0], size[1], quick ? 2 : 8));
                }
                growths.add(growth);
            }
        }
        TrainingReport report = new TrainingReport(comparisons, growths, load);
        report.print(out);
        Path results = folder.resolve("results.json");
        Files.writeString(results, report.toJson());
        out.println();
        out.println("All laps: " + results);
    }

    private static List<TrainingComparison.Starter> starters(String model, String inputs, Path log) {
        return List.of(
                threads ->
                        new TrainingPeerProcess(TrainingComparison.REKUR, threads, rekur(model, inputs, threads), log),
                threads -> new TrainingPeerProcess("keras", threads, python("keras", model, inputs, threads), log),
                threads -> new TrainingPeerProcess("torch", threads, python("torch", model, inputs, threads), log));
    }

    private static List<String> rekur(String model, String inputs, int threads) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-XX:PerMethodTrapLimit=5000",
                "-Drekur.training=" + TrainingWorkload.folder(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                RekurTrainingPeer.class.getName(),
                model,
                inputs,
                String.valueOf(threads));
    }

    private static List<String> python(String peer, String model, String inputs, int threads) {
        return List.of(
                required("rekur." + peer + ".python"),
                Path.of(required("rekur.peers"), "train_" + peer + ".py").toString(),
                TrainingWorkload.folder().toString(),
                model,
                inputs,
                String.valueOf(threads));
    }

    private static String required(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException(property + " is not set: start this by `benchmarks/run train`");
        }
        return value;
    }
}
