package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.inference.Predictor;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rekur verify}: whether the model computes what Keras computed. */
@Command(
        name = "verify",
        description = "Compares predictions with those expected: |got - want| <= tolerance * (1 + |want|).")
final class VerifyVerb extends Verb {
    private static final int BATCH = 256;

    @Mixin
    private final ModelOptions model = new ModelOptions();

    @Mixin
    private final EngineOptions engine = new EngineOptions();

    @Mixin
    private final TableOptions table = new TableOptions();

    @Option(names = "--input", paramLabel = "X", required = true, description = "The inputs, as for predict.")
    private String input;

    @Option(
            names = "--expected",
            paramLabel = "Y",
            required = true,
            description = "A .npz, .npy or .json with what the outputs should be: output_0, output_1, ..., or arrays by"
                    + " the keys or the layers of the outputs.")
    private String expected;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "1e-5",
            description = "Greatest difference, absolute plus relative (default ${DEFAULT-VALUE}).")
    private double tolerance;

    @Option(
            names = "--layers",
            description = "The arrays expected are named by layer: compare what each puts out, and name the first that"
                    + " drifts.")
    private boolean layers;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    VerifyVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        engine.check(model.name());
        if (!(tolerance >= 0)) {
            throw new UsageException("--tolerance: expected a number from 0 on, found " + tolerance);
        }
        if (input.equals(ArrayFiles.STANDARD_INPUT) && expected.equals(ArrayFiles.STANDARD_INPUT)) {
            throw new UsageException("--input and --expected cannot both be standard input");
        }
        Model loaded = model.load();
        List<Tensor> given = new InputArrays(loaded.graph(), table, this::note)
                .read(input, terminal().in());
        Map<String, Tensor> wanted = ArrayFiles.read(expected, terminal().in());
        List<Comparison> comparisons;
        try (engine) {
            Predictor predictor = engine.predictor(model.name(), loaded);
            comparisons = layers
                    ? compareLayers(loaded.graph(), predictor.activations(given), wanted)
                    : compareOutputs(
                            loaded.graph(), new Batches(predictor, loaded, BATCH).predict(given, rows -> {}), wanted);
        }
        boolean agrees = comparisons.stream().allMatch(Comparison::agrees);
        print(json ? JsonText.of(object(comparisons, agrees)) : text(comparisons, agrees));
        return agrees ? CommandRunner.DONE : CommandRunner.DIFFERENT;
    }

    /** Arrays are named {@code output_0} as predict writes them, or by the keys or the layers of the outputs. */
    private List<Comparison> compareOutputs(Graph graph, List<Tensor> got, Map<String, Tensor> wanted) {
        Map<Integer, String> keys = outputKeys(graph.outputPorts(), wanted.keySet());
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < got.size(); i++) {
            String name = graph.outputNames().get(i);
            Tensor want = keys.containsKey(i) ? wanted.get(keys.get(i)) : null;
            comparisons.add(
                    want == null
                            ? Comparison.impossible(name, "missing in " + expected + ", which has " + wanted.keySet())
                            : Comparison.of(name, got.get(i), want, tolerance));
        }
        Set<String> unclaimed = new TreeSet<>(wanted.keySet());
        unclaimed.removeAll(keys.values());
        unclaimed.removeIf(ClassTable::isName); // predict writes them beside the outputs
        for (String key : unclaimed) {
            comparisons.add(Comparison.impossible(
                    key,
                    "the model has no such output, or it is there twice; it has "
                            + graph.outputPorts().text()));
        }
        return comparisons;
    }

    /** Which array belongs to which output. In a file that has all outputs by name, as predict writes JSON, names come first. */
    private static Map<Integer, String> outputKeys(PortNames outputs, Set<String> arrays) {
        int count = outputs.names().size();
        Map<Integer, String> keys = new HashMap<>();
        if (count == 1 && arrays.size() == 1) {
            return Map.of(0, arrays.iterator().next());
        }
        if (!arrays.containsAll(outputs.names())) {
            for (int i = 0; i < count; i++) {
                if (arrays.contains("output_" + i)) {
                    keys.put(i, "output_" + i);
                }
            }
        }
        for (String array : arrays) {
            if (outputs.indexOf(array) >= 0 && !keys.containsValue(array)) {
                keys.putIfAbsent(outputs.indexOf(array), array);
            }
        }
        return keys;
    }

    private List<Comparison> compareLayers(Graph graph, Map<String, Tensor> got, Map<String, Tensor> wanted) {
        Set<String> unknown = new TreeSet<>(wanted.keySet());
        unknown.removeAll(got.keySet());
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(expected + ": no layer of the model is called " + unknown
                    + ", or it puts out no numbers; its layers are " + got.keySet());
        }
        List<Comparison> comparisons = new ArrayList<>();
        got.forEach((layer, tensor) -> {
            Tensor want = wanted.get(layer);
            if (want != null) {
                comparisons.add(Comparison.of(layer, tensor, want, tolerance));
            }
        });
        return comparisons;
    }

    private Optional<Comparison> firstDrift(List<Comparison> comparisons) {
        return comparisons.stream().filter(comparison -> !comparison.agrees()).findFirst();
    }

    private String text(List<Comparison> comparisons, boolean agrees) {
        StringBuilder text = new StringBuilder();
        comparisons.forEach(comparison -> text.append(comparison.text()).append('\n'));
        if (layers && !agrees) {
            firstDrift(comparisons).ifPresent(first -> text.append("The first layer that drifts is '")
                    .append(first.name())
                    .append("'.\n"));
        }
        return text.append(model.name())
                .append(agrees ? ": agrees" : ": DIFFERS")
                .append(", tolerance ")
                .append(String.valueOf(tolerance).toLowerCase(Locale.ROOT))
                .toString();
    }

    private Map<String, @Nullable Object> object(List<Comparison> comparisons, boolean agrees) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("model", model.name());
        object.put("tolerance", tolerance);
        object.put("agrees", agrees);
        object.put(
                layers ? "layers" : "outputs",
                comparisons.stream().map(Comparison::object).toList());
        if (layers) {
            object.put(
                    "first_drift", firstDrift(comparisons).map(Comparison::name).orElse(null));
        }
        return object;
    }
}
