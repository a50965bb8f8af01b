package dev.rekur.layer;

import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which inputs of a call have a mask: one that the call gives explicitly, or else one that the input carries.
 *
 * @param inputs shapes of the inputs
 * @param masks shapes of their masks, the batch first; null where there is none
 */
public record InputMasks(List<Shape> inputs, List<@Nullable Shape> masks) {
    /** Copies the lists. */
    public InputMasks {
        inputs = List.copyOf(inputs);
        masks = Collections.unmodifiableList(new ArrayList<>(masks)); // which may hold nulls
    }

    /** Shape of the mask of an input, the batch first; null if it has none. */
    public @Nullable Shape shape(int input) {
        return input < masks.size() ? masks.get(input) : null;
    }

    /** Whether an input has a mask. */
    public boolean isMasked(int input) {
        return shape(input) != null;
    }

    /** Whether every input has a mask. */
    public boolean areAllMasked() {
        return masks.stream().allMatch(mask -> mask != null);
    }

    /** Whether any input has a mask. */
    public boolean isAnyMasked() {
        return masks.stream().anyMatch(mask -> mask != null);
    }
}
