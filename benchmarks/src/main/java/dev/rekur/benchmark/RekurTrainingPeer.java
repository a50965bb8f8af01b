package dev.rekur.benchmark;

import dev.rekur.kernel.KernelSelection;
import dev.rekur.training.FitOption;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Rekur as a peer, in a JVM of its own: answers commands from its standard input as {@code peers/protocol.py} says. Its laps
 * also tell the bytes that were allocated.
 */
public final class RekurTrainingPeer {
    private static final int WARM_STEPS = 8;
    private static final int WARM_LAPS = 8;

    private RekurTrainingPeer() {}

    /**
     * Serves until the end.
     *
     * @param arguments model, inputs, number of threads
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = System.out;
        String model = arguments[0];
        String inputs = arguments[1];
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (SteppedTraining training =
                new SteppedTraining(TrainingWorkload.of(model, inputs), Integer.parseInt(arguments[2]))) {
            String kernels = KernelSelection.auto().reason().replaceAll("[ ,:]+", "-");
            out.printf("= ready rekur java=%s,%s%n", System.getProperty("java.version"), kernels);
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ");
                switch (words[0]) {
                    case "losses" -> losses(TrainingWorkload.plain(model, inputs), Integer.parseInt(words[1]), out);
                    case "warm" -> out.printf(Locale.ROOT, "= warm fit=%.3f%n", warmed(training));
                    case "lap" -> {
                        SteppedTraining.Lap lap = training.run(Integer.parseInt(words[1]));
                        out.println("= lap " + lap.seconds() + " " + lap.cpuSeconds() + " " + lap.allocatedBytes());
                    }
                    case "end" -> {
                        return;
                    }
                    default -> throw new IllegalArgumentException("no such command: " + line);
                }
            }
        }
    }

    private static void losses(TrainingWorkload workload, int steps, PrintStream out) {
        List<Batch> batches = workload.batches().subList(0, steps);
        StringBuilder losses = new StringBuilder("= losses");
        workload.trainer()
                .onBatch((epoch, batch, logs) -> losses.append(' ').append(logs.value("loss")))
                .fit(Dataset.of(batches::iterator), FitOption.epochs(1));
        out.println(losses);
    }

    /** Milliseconds a step, once compiled. */
    static double warmed(SteppedTraining training) {
        double[] millis = new double[WARM_LAPS];
        for (int lap = 0; lap < 2 * WARM_LAPS; lap++) {
            millis[lap % WARM_LAPS] = training.run(WARM_STEPS).millis();
        }
        return Median.of(millis);
    }
}
