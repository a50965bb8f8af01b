package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Shapes as Keras infers them when a model is put together. For a few layers they are not those that it computes, and
 * what follows such a layer is shown with shapes that follow from the wrong ones.
 *
 * <p>Follows {@code compute_output_shape} in {@code activation.py}, {@code bidirectional.py}, {@code
 * time_distributed.py} and {@code text_vectorization.py} of Keras 3.15.
 */
final class InferredShapes {
    private InferredShapes() {}

    /** Shapes of the outputs of each node. */
    static List<List<Shape>> of(Graph graph) {
        return of(graph, List.of());
    }

    /**
     * Shapes of the outputs of each node.
     *
     * @param entering shapes of what a nested model is called on; empty for those that it was made for
     */
    private static List<List<Shape>> of(Graph graph, List<Shape> entering) {
        List<List<Shape>> inferred = new ArrayList<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            int input = entering.isEmpty() ? -1 : graph.inputIndex(i);
            if (input >= 0) {
                inferred.add(List.of(entering.get(input)));
                continue;
            }
            List<Shape> inputs = node.inputs().stream()
                    .map(value -> inferred.get(value.node()).get(value.output()))
                    .toList();
            inferred.add(infer(node, inputs));
        }
        return inferred;
    }

    private static List<Shape> infer(Node node, List<Shape> inputs) {
        if (node.layer().layer() instanceof NestedModel nested) {
            List<List<Shape>> inside = of(nested.graph(), nested.entering(inputs));
            return nested.graph().outputs().stream()
                    .map(output -> inside.get(output.node()).get(output.output()))
                    .toList();
        }
        Map<?, ?> config = node.layer().config().get("config") instanceof Map<?, ?> inner ? inner : Map.of();
        return infer(node.layer().layer().className(), config, inputs, computed(node, inputs));
    }

    private static List<Shape> infer(String className, Map<?, ?> config, List<Shape> inputs, List<Shape> shapes) {
        return switch (className) {
            case "Activation" -> inputs; // glu halves the last dimension
            case "TimeDistributed" -> timeDistributed(config, inputs.get(0), shapes.get(0));
            case "Bidirectional" -> bidirectional(config, shapes);
            case "TextVectorization" -> List.of(textVectorization(config, inputs.get(0), shapes.get(0)));
            default -> shapes;
        };
    }

    private static List<Shape> computed(Node node, List<Shape> inputs) {
        try {
            return node.layer().layer().outputShapes(inputs);
        } catch (ShapeMismatchException wrong) {
            return node.shapes(); // the shapes inferred so far were too wrong to go on with
        }
    }

    /** What the wrapped layer says of one step. */
    private static List<Shape> timeDistributed(Map<?, ?> config, Shape input, Shape computed) {
        if (!(config.get("layer") instanceof Map<?, ?> layer && layer.get("config") instanceof Map<?, ?> inner)) {
            return List.of(computed);
        }
        String className = String.valueOf(layer.get("class_name"));
        int[] step = infer(className, inner, List.of(withoutTime(input)), List.of(withoutTime(computed)))
                .get(0)
                .dimensions();
        int[] dimensions = new int[step.length + 1];
        System.arraycopy(step, 1, dimensions, 2, step.length - 1);
        dimensions[0] = step[0];
        dimensions[1] = input.dimension(1);
        return List.of(Shape.of(dimensions));
    }

    private static Shape withoutTime(Shape shape) {
        int[] dimensions = shape.dimensions();
        int[] rest = Arrays.copyOfRange(dimensions, 1, dimensions.length);
        rest[0] = dimensions[0];
        return Shape.of(rest);
    }

    /** Twice the forward layer's width, whatever the backward layer's is. */
    private static List<Shape> bidirectional(Map<?, ?> config, List<Shape> computed) {
        if ("concat".equals(config.get("merge_mode"))
                && config.get("layer") instanceof Map<?, ?> forward
                && forward.get("config") instanceof Map<?, ?> forwardConfig
                && forwardConfig.get("units") instanceof Number units) {
            List<Shape> shapes = new ArrayList<>(computed);
            shapes.set(0, shapes.get(0).with(-1, 2 * units.intValue()));
            return shapes;
        }
        return computed;
    }

    /** Keeps the dimension of 1 that texts come with. */
    private static Shape textVectorization(Map<?, ?> config, Shape input, Shape computed) {
        Object mode = config.get("output_mode");
        if ("int".equals(mode)) {
            int length =
                    config.get("output_sequence_length") instanceof Number steps ? steps.intValue() : Shape.UNKNOWN;
            return Shape.of(input.dimension(0), length);
        }
        if (config.get("split") == null) {
            return computed;
        }
        int[] dimensions = input.dimensions();
        int[] longer = Arrays.copyOf(dimensions, dimensions.length + ("one_hot".equals(mode) ? 2 : 1));
        longer[dimensions.length] = Shape.UNKNOWN;
        longer[longer.length - 1] = computed.last();
        return Shape.of(longer);
    }
}
