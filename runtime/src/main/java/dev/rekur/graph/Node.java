package dev.rekur.graph;

import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a layer.
 *
 * @param layer the layer called
 * @param inputs tensors of the call: the input or inputs, for a recurrent layer followed by its initial state
 * @param masks the masks given explicitly (Functional files hold masks as edges of the graph): none, one for the first input,
 *     or for a {@link NestedModel} one for each of its inputs, null where there is none
 * @param masksPass whether the masks given explicitly go on with the outputs, in place of those that the inputs carry
 * @param shapes shapes of the outputs, batch unknown
 * @param kinds kinds of the outputs
 */
public record Node(
        GraphLayer layer,
        List<Value> inputs,
        List<@Nullable Value> masks,
        boolean masksPass,
        List<Shape> shapes,
        List<ValueKind> kinds) {
    public Node {
        inputs = List.copyOf(inputs);
        masks = Collections.unmodifiableList(new ArrayList<>(masks)); // which may hold nulls
        shapes = List.copyOf(shapes);
        kinds = List.copyOf(kinds);
    }

    /** The mask given explicitly for the first input, or null. */
    public @Nullable Value mask() {
        return mask(0);
    }

    /** The mask given explicitly for an input, or null. */
    public @Nullable Value mask(int input) {
        return input < masks.size() ? masks.get(input) : null;
    }
}
