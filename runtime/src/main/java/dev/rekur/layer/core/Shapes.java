package dev.rekur.layer.core;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What layers require of their inputs' shapes. */
public final class Shapes {
    private Shapes() {}

    /** The only input of a layer that takes one. */
    public static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new ShapeMismatchException(
                    "expected one input, found " + inputs.size() + ": " + inputs, "Call the layer on a single tensor.");
        }
        return inputs.get(0);
    }

    /** Refuses activations that change the number of features. */
    public static void requireSameWidth(Activation activation) {
        if (activation.halvesFeatures()) {
            throw new ShapeMismatchException(
                    "activation '" + activation.kerasName()
                            + "' halves the features, which only an Activation layer may",
                    "Use a linear activation, followed by an Activation layer.");
        }
    }

    /**
     * A mask with one flag for each step of a row.
     *
     * @param mask null if there is none
     */
    public static @Nullable Slot requireSteps(@Nullable Slot mask, int steps) {
        if (mask != null && mask.rowSize() != steps) {
            throw new ShapeMismatchException(
                    "expected a mask of " + steps + " flags a row, found one of " + mask.rowSize(),
                    "Give the layer a mask with one flag for each of its steps, or none: a mask goes on unchanged through"
                            + " layers that change the number of steps.");
        }
        return mask;
    }

    /** Extent of the last dimension, which must be known. */
    public static int features(Shape input) {
        if (input.rank() < 2 || input.last() == Shape.UNKNOWN) {
            throw new ShapeMismatchException(
                    "expected an input [batch, ..., features] with known features, found " + input,
                    "Give the Input its last dimension.");
        }
        return input.last();
    }
}
