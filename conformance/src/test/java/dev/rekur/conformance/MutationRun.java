package dev.rekur.conformance;

import dev.rekur.Rekur;
import dev.rekur.error.RekurException;
import dev.rekur.format.ModelSource;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.model.Model;
import dev.rekur.model.ModelWriter;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Loads changed copies of the small golden files, and predicts and saves what loads. Whatever a file holds, it ends in a model or
 * in a typed exception that Rekur foresaw, in time. The same seed makes the same files; each has a number, by which it can be
 * made again alone.
 *
 * <pre>
 * MutationRun LOADS [SEED [FIRST]]
 * </pre>
 */
final class MutationRun {
    private static final int LARGEST_FILE = 48 << 10;
    private static final long SLOWEST_NANOS = 2_000_000_000L;
    private static final String DEFECT = "did not foresee";

    private final long seed;
    private final List<byte[]> files = new ArrayList<>();
    private final List<Path> origins = new ArrayList<>();
    private final Path configuration;
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Slowest> slowest = new LinkedHashMap<>();

    /** What took the longest of a step. */
    private record Slowest(String what, long nanos) {}

    MutationRun(long seed, Path folder) throws IOException {
        this.seed = seed;
        this.configuration = folder.resolve("config.json");
        for (GoldenCase golden : GoldenCase.all()) {
            try (Stream<Path> all = Files.list(golden.folder())) {
                for (Path file : all.sorted().toList()) {
                    String name = String.valueOf(file.getFileName());
                    boolean model = name.endsWith(".keras")
                            || name.endsWith(".h5") && !name.endsWith(".weights.h5")
                            || name.equals("config.json");
                    if (model && Files.size(file) <= LARGEST_FILE) {
                        files.add(Files.readAllBytes(file));
                        origins.add(file);
                    }
                }
            }
        }
    }

    public static void main(String... arguments) throws IOException {
        int loads = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        int first = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 0;
        MutationRun run = new MutationRun(seed, Files.createTempDirectory("mutations"));
        for (int number = first; number < first + loads; number++) {
            run.load(number);
            if ((number + 1) % 10_000 == 0) {
                System.out.println(run.report());
            }
        }
        System.out.println(run.report());
        System.exit(run.failures.isEmpty() ? 0 : 1);
    }

    /** What went wrong so far; empty if nothing did. */
    List<String> failures() {
        return failures;
    }

    String report() {
        StringBuilder times = new StringBuilder();
        slowest.forEach((step, longest) ->
                times.append(", slowest " + step + " " + longest.nanos() / 1_000_000 + " ms (" + longest.what() + ")"));
        return outcomes + times.toString() + ", " + failures.size() + " failures"
                + String.join("", failures.subList(0, Math.min(40, failures.size())));
    }

    /** Makes a file, loads it, and looks at what comes of it. */
    void load(int number) throws IOException {
        Random random = new Random(seed * 1_000_003 + number);
        int chosen = random.nextInt(files.size());
        String what = "load " + number + " of " + origins.get(chosen);
        byte[] mutated = FileMutation.mutated(files.get(chosen), files.get(random.nextInt(files.size())), random);
        count("loads");
        Model model = null;
        long before = cpuNanos();
        try {
            model = Rekur.read(source(origins.get(chosen), mutated)).modelOrThrow();
        } catch (RekurException typed) {
            refused("load", what, typed);
        } catch (Throwable untyped) { // the point of it all
            fail(what, untyped);
        }
        time("load", what, before);
        if (model != null) {
            count("loaded");
            use(model, what, random);
        }
    }

    private void use(Model model, String what, Random random) {
        long before = cpuNanos();
        try {
            model.predict(inputs(model.graph()));
            count("predicted");
        } catch (RekurException typed) {
            refused("predict", what, typed);
        } catch (Throwable untyped) {
            fail(what + ", predict", untyped);
        }
        time("predict", what, before);
        before = cpuNanos();
        try {
            save(model, random);
            count("saved");
        } catch (RekurException typed) {
            refused("save", what, typed);
        } catch (Throwable untyped) {
            fail(what + ", save", untyped);
        }
        time("save", what, before);
        try {
            model.summary().toString();
        } catch (Throwable untyped) {
            fail(what + ", summary", untyped);
        }
    }

    /** Notes how long a step took, and that it took too long. */
    private void time(String step, String what, long before) {
        long nanos = cpuNanos() - before;
        slowest.merge(step, new Slowest(what, nanos), (old, now) -> old.nanos() >= now.nanos() ? old : now);
        if (nanos > SLOWEST_NANOS) {
            failures.add("\n" + what + ", " + step + " took " + nanos / 1_000_000 + " ms");
        }
    }

    /** A file in memory; a configuration goes with the weights beside it, which have to be files. */
    private ModelSource source(Path origin, byte[] mutated) throws IOException {
        if (!origin.endsWith("config.json")) {
            return ModelSource.of("mutated", mutated);
        }
        Files.write(configuration, mutated);
        return ModelSource.of(configuration, origin.resolveSibling("model.weights.h5"));
    }

    private static void save(Model model, Random random) throws IOException {
        List<ModelWriter> writers = new ArrayList<>();
        ServiceLoader.load(ModelWriter.class).forEach(writers::add);
        ModelWriter writer = writers.get(random.nextInt(writers.size()));
        SaveOptions options = random.nextBoolean() ? SaveOptions.KERAS_3 : SaveOptions.KERAS_2;
        writer.prepare(model, options).writeTo(OutputStream.nullOutputStream());
    }

    private static List<Tensor> inputs(Graph graph) {
        int rows = Math.max(1, Math.min(4, graph.fixedBatch()));
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            int[] extents = graph.shape(input).dimensions();
            long size = rows;
            extents[0] = rows;
            for (int axis = 1; axis < extents.length; axis++) {
                extents[axis] = extents[axis] == Shape.UNKNOWN ? 3 : extents[axis];
                size = Math.min(size * extents[axis], 1 << 20);
            }
            if (size == 1 << 20) { // nobody has as much data; that it is refused is as good
                extents = new int[] {rows, 1};
                size = rows;
            }
            inputs.add(
                    switch (graph.kind(input)) {
                        case TEXT -> TextTensor.wrap(Shape.of(extents), texts((int) size));
                        case INT -> Tensor.of(new int[(int) size], extents);
                        default -> Tensor.of(new float[(int) size], extents);
                    });
            if (graph.kind(input) == ValueKind.FLOAT && inputs.size() > 1_000) {
                break;
            }
        }
        return inputs;
    }

    private static String[] texts(int count) {
        String[] texts = new String[count];
        Arrays.fill(texts, "a chess engine");
        return texts;
    }

    private void refused(String step, String what, RekurException typed) {
        count(step + " refused: " + typed.getClass().getSimpleName());
        if (String.valueOf(typed.getMessage()).contains(DEFECT)) {
            fail(what, typed);
        }
    }

    private void fail(String what, Throwable failure) {
        Throwable root = failure.getCause() == null ? failure : failure.getCause();
        StringBuilder text = new StringBuilder("\n" + what + ": " + root);
        Arrays.stream(root.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("dev.rekur"))
                .limit(5)
                .forEach(frame -> text.append("\n    at ").append(frame));
        failures.add(text.toString());
    }

    private void count(String outcome) {
        outcomes.merge(outcome, 1, Integer::sum);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
