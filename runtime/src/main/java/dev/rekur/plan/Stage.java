package dev.rekur.plan;

import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import dev.rekur.tensor.FloatTensor;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a layer in a graph that was made ready to run.
 *
 * @param name name of the layer
 * @param layer the layer, or what a pass made of several
 * @param weights the weights by path
 * @param inputs values of other stages; a value's node is the index of its stage
 * @param mask the mask given explicitly, or null
 * @param maskPasses whether that one goes on with the outputs, in place of the one that the first input carries
 */
public record Stage(
        String name,
        Layer layer,
        Function<String, FloatTensor> weights,
        List<Value> inputs,
        @Nullable Value mask,
        boolean maskPasses) {
    public Stage {
        inputs = List.copyOf(inputs);
    }

    /** The same call on other values. */
    public Stage on(List<Value> otherInputs, @Nullable Value otherMask) {
        return new Stage(name, layer, weights, otherInputs, otherMask, maskPasses);
    }
}
