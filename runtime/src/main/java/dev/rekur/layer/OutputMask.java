package dev.rekur.layer;

import dev.rekur.tensor.Shape;
import java.util.Arrays;

/** The mask that an output of a layer carries, in terms of the masks of its inputs; what Keras's {@code compute_mask} returns. */
public sealed interface OutputMask {
    /** No mask: whatever mask came in ends here. */
    OutputMask NONE = new None();

    /** The mask of the first input, if it has one. */
    static OutputMask ofFirst(InputMasks masks) {
        return ofInput(masks, 0);
    }

    /** The mask of an input, if it has one. */
    static OutputMask ofInput(InputMasks masks, int input) {
        return masks.isMasked(input) ? new OfInput(input) : NONE;
    }

    /** No mask. */
    record None() implements OutputMask {}

    /** The mask of an input, unchanged. */
    record OfInput(int input) implements OutputMask {}

    /**
     * The logical or, within each step of the output, of the mask of an input that has more than one flag for each.
     *
     * @param input which has a mask
     */
    record AnyOfStep(int input) implements OutputMask {}

    /**
     * The masks of all inputs that have one, joined flag by flag; a mask with one flag a row counts for all of its steps.
     *
     * @param any true for the logical or, false for the logical and
     */
    record Joined(boolean any) implements OutputMask {}

    /**
     * A mask that the layer computes, and writes to {@link Binding#outputMask}.
     *
     * @param shape of the mask, the batch first
     */
    record Computed(Shape shape) implements OutputMask {
        /** A mask with a flag for each vector of a tensor. */
        public static Computed ofVectors(Shape tensor) {
            int[] dimensions = tensor.dimensions();
            return new Computed(Shape.of(Arrays.copyOf(dimensions, Math.max(1, dimensions.length - 1))));
        }
    }
}
