package dev.rekur.cli;

import com.sun.management.ThreadMXBean;
import dev.rekur.graph.Graph;
import dev.rekur.inference.Predictor;
import dev.rekur.layer.ValueKind;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur bench}: how long a call takes, and how much it allocates. */
@Command(name = "bench", description = "Measures calls with inputs that vary: latency, rate, allocation.")
final class BenchVerb extends Verb {
    /** Inputs made before the clock runs, and used in turn. */
    private static final int INPUTS = 64;

    private static final double WARM_UP_SHARE = 0.4;
    private static final int USUAL_TIME = 100;

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Rows in a call (default ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--time",
            paramLabel = "STEPS",
            defaultValue = "" + USUAL_TIME,
            description = "Time steps, where the model leaves their number open (default ${DEFAULT-VALUE}).")
    private int time;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "How long to measure, after warming up (default ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    BenchVerb(Terminal terminal) {
        super(terminal);
    }

    private static void requireFrom1(String option, int number) {
        if (number < 1) {
            throw new UsageException(option + ": expected a number from 1 on, found " + number);
        }
    }

    @Override
    int run() {
        engine.check(model.name());
        requireFrom1("--batch", batch);
        requireFrom1("--time", time);
        if (!(seconds > 0)) {
            throw new UsageException("--seconds: expected a number greater than 0, found " + seconds);
        }
        Model loaded = model.load();
        try (engine;
                Progress progress = new Progress(terminal(), verbosity())) {
            Predictor predictor = engine.predictor(model.name(), loaded);
            BenchInputs inputs = new BenchInputs(loaded.graph(), batch, time);
            List<Runnable> calls = calls(loaded.graph(), predictor, inputs);
            progress.show("warming up");
            measure(calls, Math.max(1, seconds * WARM_UP_SHARE));
            progress.show("measuring");
            Measurement measured = measure(calls, seconds);
            progress.clear();
            Map<String, @Nullable Object> result = result(measured, inputs, predictor);
            print(json ? JsonText.of(result) : text(result));
        }
        return CommandRunner.DONE;
    }

    /** Calls to make in turn; from array to array, where the model allows it and one thread is to run it. */
    private List<Runnable> calls(Graph graph, Predictor predictor, BenchInputs inputs) {
        List<Runnable> calls = new ArrayList<>();
        for (int i = 0; i < INPUTS; i++) {
            List<Tensor> given = inputs.next();
            Tensor only = given.get(0);
            boolean direct = engine.threads() == 1
                    && !(only instanceof TextTensor)
                    && graph.inputs().size() == 1
                    && graph.outputs().size() == 1
                    && graph.kind(graph.outputs().get(0)) == ValueKind.FLOAT
                    && graph.kind(graph.inputs().get(0)) == kind(only);
            if (!direct) {
                calls.add(() -> predictor.predict(given));
                continue;
            }
            float[] out = new float[predictor.predict(given).get(0).size()];
            if (only instanceof FloatTensor floats) {
                float[] values = floats.toArray();
                calls.add(() -> predictor.predict(values, batch, out));
            } else {
                int[] tokens = ((IntTensor) only).toArray();
                calls.add(() -> predictor.predict(tokens, batch, out));
            }
        }
        return calls;
    }

    private static ValueKind kind(Tensor tensor) {
        return tensor instanceof FloatTensor
                ? ValueKind.FLOAT
                : tensor instanceof IntTensor ? ValueKind.INT : ValueKind.TEXT;
    }

    /** What was measured. */
    private record Measurement(LatencyRecord latencies, double seconds, double bytesPerCall) {}

    private static Measurement measure(List<Runnable> calls, double seconds) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LatencyRecord latencies = new LatencyRecord();
        long[] ids = threads.getAllThreadIds();
        long before = allocated(threads, ids);
        long begin = System.nanoTime();
        long end = begin + (long) (seconds * 1e9);
        long now = begin;
        for (int i = 0; now < end; i++) {
            calls.get(i % calls.size()).run();
            long done = System.nanoTime();
            latencies.add(done - now);
            now = done;
        }
        double bytes = allocated(threads, ids) - before;
        return new Measurement(latencies, (now - begin) / 1e9, bytes / latencies.calls());
    }

    /** Bytes that threads have allocated: the calling one, and those that share its batches. */
    private static long allocated(ThreadMXBean threads, long[] ids) {
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(ids)) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private Map<String, @Nullable Object> result(Measurement measured, BenchInputs inputs, Predictor predictor) {
        LatencyRecord.Sorted sorted = measured.latencies().sorted();
        double calls = measured.latencies().calls() / measured.seconds();
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("model", model.name());
        result.put("batch", batch);
        result.put("time", inputs.timeSteps());
        result.put("threads", engine.threads());
        result.put("kernels", predictor.kernels().kernels().name());
        result.put("p50_us", sorted.micros(50));
        result.put("p90_us", sorted.micros(90));
        result.put("p99_us", sorted.micros(99));
        result.put("calls_per_second", calls);
        result.put("rows_per_second", calls * batch);
        result.put("allocated_bytes_per_call", Math.floor(measured.bytesPerCall()));
        return result;
    }

    private static String text(Map<String, @Nullable Object> result) {
        StringBuilder text = new StringBuilder();
        result.forEach((key, value) -> text.append(String.format(
                Locale.ROOT, "%-25s %s%n", key, value instanceof Double number ? rounded(number) : value)));
        return text.toString();
    }

    private static String rounded(double number) {
        return String.format(Locale.ROOT, number >= 1000 || number == Math.rint(number) ? "%.0f" : "%.1f", number);
    }
}
