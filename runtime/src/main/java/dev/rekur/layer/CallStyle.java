package dev.rekur.layer;

/** How Keras's {@code call} takes the tensors that are a call's inputs here. */
public enum CallStyle {
    /** One tensor; a model, or a layer that merges, takes several as a list. */
    TENSORS,
    /** The first tensor is the input, those after it are its {@code initial_state}. */
    INITIAL_STATE,
    /** Each tensor is an argument of its own, as functions take them. */
    ARGUMENTS
}
