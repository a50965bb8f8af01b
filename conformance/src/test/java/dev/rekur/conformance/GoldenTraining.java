package dev.rekur.conformance;

import dev.rekur.Rekur;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Dataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of {@code fixtures/training}: a compiled model, data, and how real Keras trained the one on the other.
 *
 * @param folder the folder
 * @param description its {@code case.json}
 */
record GoldenTraining(Path folder, Map<String, Object> description) {
    /** All cases in the order of their names. */
    static List<GoldenTraining> all() {
        Path root = GoldenCase.root().resolveSibling("training");
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve("case.json")))
                    .sorted()
                    .map(folder -> new GoldenTraining(folder, GoldenCase.json(folder.resolve("case.json"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return (String) description.get("name");
    }

    /** Whether it is a call of {@code fit}, and not single steps. */
    boolean isFit() {
        return description.get("fit") != null;
    }

    Model model() {
        return Rekur.load(folder.resolve("model.keras"));
    }

    int batchSize() {
        return ((Number) description.get("batch_size")).intValue();
    }

    /** The arrays of a file as data for a model. */
    ArrayDataset data(Model model, String file) {
        Map<String, Tensor> arrays = arrays(file);
        List<Tensor> inputs = pick(arrays, model.graph().inputNames(), "x");
        List<Tensor> targets = pick(arrays, model.graph().outputNames(), "y");
        Tensor weight = arrays.get("sample_weight");
        return Dataset.of(inputs, targets, weight == null ? List.of() : List.of(floats(weight)));
    }

    private static FloatTensor floats(Tensor tensor) {
        if (tensor instanceof FloatTensor floats) {
            return floats;
        }
        IntTensor ints = (IntTensor) tensor;
        float[] values = new float[ints.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ints.get(i);
        }
        return FloatTensor.wrap(ints.shape(), values);
    }

    private static List<Tensor> pick(Map<String, Tensor> arrays, List<String> names, String single) {
        if (arrays.containsKey(single)) {
            return List.of(arrays.get(single));
        }
        List<Tensor> picked = new ArrayList<>();
        for (String name : names) {
            if (arrays.containsKey(name)) {
                picked.add(arrays.get(name));
            }
        }
        return picked;
    }

    Map<String, Tensor> arrays(String file) {
        return NumpyReader.read(folder.resolve(file));
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    /** What Keras logged: a list of values for each name. */
    Map<String, List<Double>> logs(String file) {
        return series(GoldenCase.json(folder.resolve(file)));
    }

    static Map<String, List<Double>> series(Map<String, Object> json) {
        Map<String, List<Double>> logs = new TreeMap<>();
        json.forEach((name, values) -> {
            List<Double> numbers = new ArrayList<>();
            for (Object value : (List<?>) values) {
                numbers.add(number(value));
            }
            logs.put(name, numbers);
        });
        return logs;
    }

    /** A number, or the text of one that JSON lacks. */
    static double number(Object json) {
        return switch (String.valueOf(json).toLowerCase(java.util.Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(String.valueOf(json));
        };
    }

    /**
     * The worst distance between two backends of Keras after so many steps; NaN if they do not agree.
     *
     * @param what a logged name, or {@code weights}
     */
    double difference(int steps, String what) {
        Object difference = description.get("difference");
        if (difference instanceof Map<?, ?> byStep
                && byStep.get("step_" + steps) instanceof Map<?, ?> byName
                && byName.get(what) != null) {
            return number(byName.get(what));
        }
        return Double.NaN;
    }

    Map<Integer, Double> classWeights() {
        Map<Integer, Double> weights = new LinkedHashMap<>();
        if (description.get("class_weight") instanceof Map<?, ?> byClass) {
            byClass.forEach((key, value) -> weights.put(Integer.valueOf((String) key), number(value)));
        }
        return weights;
    }

    @Override
    public String toString() {
        return name();
    }
}
