package dev.rekur.layer;

import dev.rekur.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * An input or an output of a call, as a plan connects it.
 *
 * @param shape everything but the batch is known
 * @param slot the buffer of its values
 * @param mask the buffer of the mask of an input; of an output the buffer of the mask that the layer computes; else null
 * @param maskShape shape of the mask, the batch first; null if there is none
 * @param gradient in training the buffer of the gradient with respect to it; null if nobody asks
 */
public record Port(
        Shape shape,
        Slot slot,
        @Nullable Slot mask,
        @Nullable Shape maskShape,
        @Nullable Slot gradient) {
    /** The same without a gradient. */
    public Port(Shape shape, Slot slot, @Nullable Slot mask, @Nullable Shape maskShape) {
        this(shape, slot, mask, maskShape, null);
    }

    /** The same with another mask of one flag a step. */
    public Port withMask(Slot other, Shape otherShape) {
        return new Port(shape, slot, other, otherShape, gradient);
    }

    /** The same with a gradient. */
    public Port withGradient(@Nullable Slot other) {
        return new Port(shape, slot, mask, maskShape, other);
    }
}
