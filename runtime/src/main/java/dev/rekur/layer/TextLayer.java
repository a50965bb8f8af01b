package dev.rekur.layer;

import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;

/**
 * A layer that turns texts into numbers. Its output's length may depend on the texts, so it runs before a plan is made,
 * and plans begin where numbers do.
 */
public interface TextLayer extends Layer {
    /**
     * The numbers for a batch of texts.
     *
     * @param layerName name of the layer, for messages
     * @param texts {@code [batch, ...]}
     * @throws dev.rekur.error.InvalidInputException if a text cannot be turned into numbers
     */
    Tensor transform(String layerName, TextTensor texts);

    @Override
    default boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.TEXT;
    }

    /** Never called: text does not reach a plan. */
    @Override
    default Operation forward(Binding binding) {
        throw new IllegalStateException(className() + " runs before the plan");
    }
}
