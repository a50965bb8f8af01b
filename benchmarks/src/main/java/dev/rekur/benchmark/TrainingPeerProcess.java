package dev.rekur.benchmark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A peer in a process of its own, which trains when it is told to: {@code peers/protocol.py} says how they talk. */
final class TrainingPeerProcess implements AutoCloseable {
    private static final String ANSWER = "= ";

    private final String name;
    private final int threads;
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final Path log;
    private final String version;
    private String warmth = "";
    private final List<SteppedTraining.Lap> laps = new ArrayList<>();

    /** Starts it, and waits until it is ready. */
    TrainingPeerProcess(String name, int threads, List<String> command, Path log) throws IOException {
        this.name = name;
        this.threads = threads;
        this.log = log;
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // all pools that look at it, so that nobody has more threads than it says
        builder.environment().putAll(Map.of("OMP_NUM_THREADS", "" + threads, "MKL_NUM_THREADS", "" + threads));
        this.process = builder.start();
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.version = String.join(" ", answer("ready"));
    }

    String name() {
        return name;
    }

    int threads() {
        return threads;
    }

    /** Its name and versions, in its own words. */
    String version() {
        return version;
    }

    /** What a step took in each way that it has, in its own words. */
    String warmth() {
        return warmth;
    }

    /** Lets it compile what it compiles, and choose its fastest way. */
    void warm() {
        warmth = String.join(" ", ask("warm", "warm"));
    }

    /** The losses of the first steps, without dropout. */
    double[] losses(int steps) {
        return ask("losses", "losses " + steps).stream()
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /** Trains and remembers how long it took. */
    void lap(int steps) {
        List<String> words = ask("lap", "lap " + steps);
        long bytes = words.size() > 2 ? Long.parseLong(words.get(2)) : -1;
        laps.add(new SteppedTraining.Lap(
                steps, Double.parseDouble(words.get(0)), Double.parseDouble(words.get(1)), bytes));
    }

    List<SteppedTraining.Lap> laps() {
        return laps;
    }

    private List<String> ask(String expected, String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
            return answer(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " ended; its log is " + log, e);
        }
    }

    private List<String> answer(String expected) throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(ANSWER + expected)) {
                List<String> words = Arrays.asList(line.split(" "));
                return words.subList(2, words.size());
            }
        }
        throw new IOException(name + " ended without saying '" + expected + "'; its log is " + log);
    }

    @Override
    public void close() {
        try {
            commands.write("end\n");
            commands.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException | InterruptedException e) {
            process.destroyForcibly();
        }
    }
}
