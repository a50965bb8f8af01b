package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

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
        try {
            return node.layer().layer().inferredShapes(inputs);
        } catch (ShapeMismatchException wrong) {
            return node.shapes(); // the shapes inferred so far were too wrong to go on with
        }
    }
}
