package dev.rekur.graph;

import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a layer.
 *
 * @param layer the layer called
 * @param inputs tensors of the call: the input or inputs, for a recurrent layer followed by its initial state
 * @param mask the mask given explicitly (Functional files hold masks as edges of the graph), or null
 * @param shapes shapes of the outputs, batch unknown
 * @param kinds kinds of the outputs
 */
public record Node(
        GraphLayer layer, List<Value> inputs, @Nullable Value mask, List<Shape> shapes, List<ValueKind> kinds) {
    public Node {
        inputs = List.copyOf(inputs);
        shapes = List.copyOf(shapes);
        kinds = List.copyOf(kinds);
    }
}
