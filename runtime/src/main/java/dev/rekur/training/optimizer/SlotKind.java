package dev.rekur.training.optimizer;

/**
 * What an optimizer keeps beside each variable, in an array of the same shape.
 *
 * @param name Keras's: {@code momentum}
 * @param initial what each element begins with
 */
record SlotKind(String name, float initial) {
    static SlotKind zeros(String name) {
        return new SlotKind(name, 0);
    }
}
