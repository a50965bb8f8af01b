package dev.rekur.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All peers on one workload: first the same losses, then laps in turn, in several rounds with fresh processes. A step of Rekur's
 * is compared with that of the fastest peer that has no more threads.
 */
final class TrainingComparison {
    static final String REKUR = "rekur";
    private static final int COMPARED_STEPS = 5;

    /** Between the losses of the first steps and Rekur's, absolute plus relative. */
    private static final double TOLERANCE = 1e-4;

    /**
     * Keras on TensorFlow squares the gradient rows of a token one by one before it adds them into Adam's second moment; Rekur
     * and PyTorch add first. Where tokens are repeated, losses drift apart from the second step on.
     */
    private static final double TENSORFLOW_TOKENS = 1e-1;

    private final String model;
    private final String inputs;
    private final Map<String, List<SteppedTraining.Lap>> laps = new TreeMap<>();
    private final Map<String, List<String>> warmths = new TreeMap<>();
    private final Map<String, String> versions = new TreeMap<>();
    private final Map<String, Object> losses = new LinkedHashMap<>();
    private final Map<String, Double> differences = new LinkedHashMap<>();

    /** A peer of the given number of threads. */
    interface Starter {
        TrainingPeerProcess start(int threads) throws IOException;
    }

    TrainingComparison(String model, String inputs) {
        this.model = model;
        this.inputs = inputs;
    }

    String model() {
        return model;
    }

    String inputs() {
        return inputs;
    }

    /** Compares, and times a round. */
    void round(List<Starter> starters, int lapCount, int steps) throws IOException {
        List<TrainingPeerProcess> peers = new ArrayList<>();
        try {
            for (Starter starter : starters) {
                for (int threads = 1; threads <= 2; threads++) {
                    TrainingPeerProcess peer = starter.start(threads);
                    peers.add(peer);
                    versions.put(peer.name(), peer.version());
                }
            }
            if (losses.isEmpty()) {
                compareLosses(peers);
            }
            for (TrainingPeerProcess peer : peers) {
                peer.warm();
                warmths.computeIfAbsent(key(peer.name(), peer.threads()), key -> new ArrayList<>())
                        .add(peer.warmth());
            }
            for (int lap = 0; lap < lapCount; lap++) {
                for (TrainingPeerProcess peer : peers) {
                    peer.lap(steps);
                }
            }
            for (TrainingPeerProcess peer : peers) {
                laps.computeIfAbsent(key(peer.name(), peer.threads()), key -> new ArrayList<>())
                        .addAll(peer.laps());
            }
        } finally {
            peers.forEach(TrainingPeerProcess::close);
        }
    }

    private void compareLosses(List<TrainingPeerProcess> peers) {
        double[] expected = peers.stream()
                .filter(peer -> peer.name().equals(REKUR))
                .findFirst()
                .orElseThrow()
                .losses(COMPARED_STEPS);
        for (TrainingPeerProcess peer : peers) {
            if (losses.containsKey(peer.name())) {
                continue;
            }
            double[] actual = peer.losses(COMPARED_STEPS);
            double worst = 0;
            for (int step = 0; step < COMPARED_STEPS; step++) {
                double difference = Math.abs(actual[step] - expected[step]) / (1 + Math.abs(expected[step]));
                boolean drifts = step > 0 && peer.name().equals("keras") && !inputs.equals("vectors");
                if (!(difference <= (drifts ? TENSORFLOW_TOKENS : TOLERANCE))) {
                    throw new IllegalStateException(peer.name() + " does not train " + this + " as Rekur does: step "
                            + step + " has a loss of " + actual[step] + ", Rekur's is " + expected[step]);
                }
                worst = Math.max(worst, difference);
            }
            losses.put(peer.name(), Arrays.stream(actual).boxed().toList());
            differences.put(peer.name(), worst);
        }
    }

    private static String key(String name, int threads) {
        return name + " " + threads;
    }

    /** Milliseconds a step: the median of all laps. */
    double millis(String name, int threads) {
        return Median.of(laps.getOrDefault(key(name, threads), List.of()).stream()
                .map(SteppedTraining.Lap::millis)
                .toList());
    }

    /** The fastest peer, Rekur aside, that has no more than so many threads; {@code name threads}. */
    String fastestPeer(int threads) {
        return laps.keySet().stream()
                .filter(key -> !key.startsWith(REKUR) && threadsOf(key) <= threads)
                .min(Comparator.comparingDouble(this::millis))
                .orElseThrow();
    }

    double millis(String key) {
        return millis(key.substring(0, key.indexOf(' ')), threadsOf(key));
    }

    private static int threadsOf(String key) {
        return Integer.parseInt(key.substring(key.indexOf(' ') + 1));
    }

    /** Processor time over wall time: how many cores a peer kept busy. */
    double cores(String key) {
        return Median.of(laps.getOrDefault(key, List.of()).stream()
                .map(lap -> lap.cpuSeconds() / lap.seconds())
                .toList());
    }

    /** The way that was fastest most often, of those that a peer has. */
    String way(String key) {
        Map<String, Integer> votes = new TreeMap<>();
        for (String warmth : warmths.getOrDefault(key, List.of())) {
            String best = "";
            double least = Double.MAX_VALUE;
            for (String way : warmth.split(" ")) {
                double millis = Double.parseDouble(way.substring(way.indexOf('=') + 1));
                if (millis < least) {
                    least = millis;
                    best = way.substring(0, way.indexOf('='));
                }
            }
            votes.merge(best, 1, Integer::sum);
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    /** Bytes that Rekur allocates a step; the least lap, since what compilers and timers do is not a step. */
    long allocatedPerStep(int threads) {
        return laps.getOrDefault(key(REKUR, threads), List.of()).stream()
                .mapToLong(lap -> lap.allocatedBytes() / lap.steps())
                .min()
                .orElseThrow();
    }

    /** Peers with their threads, in the order of the table. */
    List<String> peers() {
        return List.copyOf(laps.keySet());
    }

    double worstDifference(String name) {
        return differences.getOrDefault(name, Double.NaN);
    }

    Map<String, String> versions() {
        return versions;
    }

    /** Every lap, as it was measured. */
    Map<String, Object> toJson() {
        Map<String, Object> measured = new LinkedHashMap<>();
        laps.forEach((key, list) -> {
            List<Object> entries = new ArrayList<>();
            for (SteppedTraining.Lap lap : list) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("steps", lap.steps());
                entry.put("seconds", lap.seconds());
                entry.put("cpu_seconds", lap.cpuSeconds());
                if (lap.allocatedBytes() >= 0) {
                    entry.put("allocated_bytes", lap.allocatedBytes());
                }
                entries.add(entry);
            }
            measured.put(key, entries);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("inputs", inputs);
        json.put("losses", losses);
        json.put("warm", warmths);
        json.put("laps", measured);
        return json;
    }

    @Override
    public String toString() {
        return model + ", " + inputs;
    }
}
