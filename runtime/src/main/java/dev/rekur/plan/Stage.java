package dev.rekur.plan;

import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One call of a layer in a graph that was made ready to run.
 *
 * @param name name of the layer
 * @param layer the layer, or what a pass made of several
 * @param weights the weights by path
 * @param inputs values of other stages; a value's node is the index of its stage
 * @param masks the masks given explicitly: one for each of the first inputs, null where there is none
 * @param masksPass whether those go on with the outputs, in place of the ones that the inputs carry
 */
public record Stage(
        String name,
        Layer layer,
        Function<String, FloatTensor> weights,
        List<Value> inputs,
        List<@Nullable Value> masks,
        boolean masksPass) {
    /** Copies the lists. */
    public Stage {
        inputs = List.copyOf(inputs);
        masks = Collections.unmodifiableList(new ArrayList<>(masks)); // which may hold nulls
    }

    /** The mask given explicitly for an input, or null. */
    public @Nullable Value mask(int input) {
        return input < masks.size() ? masks.get(input) : null;
    }

    /** Every value that the call uses: inputs and masks. */
    public Stream<Value> used() {
        return Stream.concat(inputs.stream(), masks.stream().filter(Objects::nonNull));
    }

    /** The same call on other values. */
    public Stage on(UnaryOperator<Value> replacement) {
        List<@Nullable Value> otherMasks = new ArrayList<>();
        masks.forEach(mask -> otherMasks.add(mask == null ? null : replacement.apply(mask)));
        return new Stage(name, layer, weights, inputs.stream().map(replacement).toList(), otherMasks, masksPass);
    }
}
