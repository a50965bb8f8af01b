package dev.rekur.training.optimizer;

import java.util.List;

/**
 * What an optimizer keeps beside each variable, in an array of the same shape.
 *
 * @param name Keras's: {@code momentum}
 * @param initial what each element begins with
 * @param earlierNames what versions of Keras 2 called it: {@code m}, {@code moment}
 */
record SlotKind(String name, float initial, List<String> earlierNames) {
    static SlotKind zeros(String name, String... earlierNames) {
        return new SlotKind(name, 0, List.of(earlierNames));
    }

    /** Whether Keras 2 or 3 calls it so. */
    boolean isCalled(String other) {
        return name.equals(other) || earlierNames.contains(other);
    }
}
