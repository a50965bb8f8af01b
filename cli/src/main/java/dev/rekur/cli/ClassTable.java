package dev.rekur.cli;

import dev.rekur.graph.Graph;
import dev.rekur.server.Labels;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions with the names of their classes, for people and as JSON. */
final class ClassTable {
    /** In JSON: by output the names of the classes that were predicted, and the names of all classes. */
    private static final String CLASSES = "classes";

    private static final String LABELS = "labels";
    private static final float EVEN = 0.5f;

    private final Graph graph;
    private final ClassNames names;

    ClassTable(Graph graph, ClassNames names) {
        this.graph = graph;
        this.names = names;
    }

    /** Whether an array read back from JSON holds names, and no output. */
    static boolean isName(String array) {
        return array.startsWith(CLASSES + "/") || array.startsWith(LABELS + "/");
    }

    /** A table for each output; with names, the class of each row comes after its number. */
    String table(List<Tensor> predictions) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < predictions.size(); i++) {
            List<String> labels = labels(i, predictions.get(i));
            TextTensor predicted = labels.isEmpty() ? null : predicted(predictions.get(i), labels);
            text.append(TensorText.table(graph.outputNames().get(i), predictions.get(i), labels, predicted));
        }
        return text.toString();
    }

    /** Predictions by output, and beside them the names of classes, if somebody says them. */
    Map<String, @Nullable Object> object(List<Tensor> predictions) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        Map<String, @Nullable Object> classes = new LinkedHashMap<>();
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        for (int i = 0; i < predictions.size(); i++) {
            String output = graph.outputNames().get(i);
            object.put(output, TensorText.nested(predictions.get(i)));
            List<String> labels = labels(i, predictions.get(i));
            if (!labels.isEmpty()) {
                classes.put(output, TensorText.nested(predicted(predictions.get(i), labels)));
                all.put(output, labels);
            }
        }
        if (!classes.isEmpty()) {
            object.putIfAbsent(CLASSES, classes);
            object.putIfAbsent(LABELS, all);
        }
        return object;
    }

    /** Names of the values on the last axis; two for one value, the probability of the second. None if they do not fit. */
    private List<String> labels(int output, Tensor tensor) {
        List<String> found = names.of(graph.outputNames().get(output));
        Shape shape = tensor.shape();
        boolean fits = tensor instanceof FloatTensor && shape.rank() > 1 && Labels.fit(found, shape.last());
        return fits ? found : List.of();
    }

    /** The class that is largest on the last axis, {@code [batch, ...]} without that axis. */
    private static TextTensor predicted(Tensor tensor, List<String> labels) {
        FloatTensor floats = (FloatTensor) tensor;
        int width = tensor.shape().last();
        List<String> predicted = new ArrayList<>();
        for (int from = 0; from < floats.size(); from += width) {
            int best = width == 1 && floats.get(from) >= EVEN ? 1 : 0;
            for (int i = 1; i < width; i++) {
                best = floats.get(from + i) > floats.get(from + best) ? i : best;
            }
            predicted.add(labels.get(best));
        }
        int[] extents = new int[tensor.shape().rank() - 1];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = tensor.shape().dimension(axis);
        }
        return TextTensor.wrap(Shape.of(extents), predicted.toArray(String[]::new));
    }
}
