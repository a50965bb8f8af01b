package dev.rekur.server;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows that a model accepts, to fill its page with and to warm it up on. The same rows every time. */
final class Examples {
    /** Steps or features of a row where the model leaves them open. */
    private static final int OPEN_EXTENT = 8;
    /** Longer rows are no example that anybody reads. */
    private static final int LONGEST = 20_000;

    private static final int ROWS = 3;
    /** Where no Embedding says how large the vocabulary is. */
    private static final int LIMIT_IF_UNKNOWN = 10;

    private static final List<String> TEXTS = List.of(
            "A small library that reads trained models and runs them fast",
            "An arcade game in which a penguin slides down snowy mountains",
            "A command line tool that measures how fast a network is");

    private Examples() {}

    /** Examples for an input of a model, each {@code [1, ...]}; none if its rows are very long. */
    static List<Tensor> of(ServedModel model, int input) {
        Signature.Port port = model.signature().inputs().get(input);
        Shape shape = closed(port.shape());
        if (shape.rank() == 0
                || Arrays.stream(shape.dimensions()).asLongStream().reduce(1, Examples::product) > LONGEST) {
            return List.of();
        }
        List<Tensor> examples = new ArrayList<>();
        if (port.kind() == ValueKind.TEXT) {
            List<String> texts = model.labels().examples();
            for (String text : texts.isEmpty() ? TEXTS : texts) {
                String[] values = new String[shape.size()];
                Arrays.fill(values, text);
                examples.add(TextTensor.wrap(shape, values));
            }
            return examples;
        }
        int vocabulary = vocabulary(model.graph(), model.graph().inputs().get(input));
        for (int row = 0; row < ROWS; row++) {
            examples.add(
                    port.kind() == ValueKind.FLOAT
                            ? FloatTensor.wrap(shape, floats(shape.size(), vocabulary, row))
                            : IntTensor.wrap(shape, ids(shape.size(), port.kind(), vocabulary, row)));
        }
        return examples;
    }

    private static long product(long a, long b) {
        return a > LONGEST ? a : a * b;
    }

    private static Shape closed(Shape shape) {
        int[] extents = shape.dimensions();
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = axis == 0 ? 1 : extents[axis] == Shape.UNKNOWN ? OPEN_EXTENT : extents[axis];
        }
        return Shape.of(extents);
    }

    /** Waves for the eye; whole numbers where an Embedding looks floats up, as Keras lets it. */
    private static float[] floats(int size, int vocabulary, int row) {
        float[] values = new float[size];
        int[] ids = vocabulary > 0 ? ids(size, ValueKind.INT, vocabulary, row) : new int[size];
        for (int i = 0; i < size; i++) {
            values[i] = vocabulary > 0 ? ids[i] : Math.round(100 * Math.sin(0.7 * i + 2 * row + 0.3)) / 100f;
        }
        return values;
    }

    private static int[] ids(int size, ValueKind kind, int vocabulary, int row) {
        int limit = kind == ValueKind.FLAG ? 2 : vocabulary > 0 ? vocabulary : LIMIT_IF_UNKNOWN;
        int[] ids = new int[size];
        for (int i = 0; i < size; i++) {
            // id 0 often stands for padding
            ids[i] = limit == 1 ? 0 : (int) (1 + (i + 31L * row) * 7_919 % (limit - 1));
        }
        return ids;
    }

    /** Ids below this are in the vocabulary of every Embedding that looks the input up; 0 if none does. */
    private static int vocabulary(Graph graph, Value input) {
        return graph.flat().nodes().stream()
                .filter(node -> node.inputs().contains(graph.inFlat(input)))
                .map(Node::layer)
                .filter(layer -> layer.layer().className().equals("Embedding")
                        && !layer.weights().isEmpty())
                .mapToInt(layer -> layer.weights().get(0).shape().dimension(0))
                .min()
                .orElse(0);
    }
}
