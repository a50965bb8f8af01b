package dev.rekur.layer;

/** How a layer that takes several inputs merges their masks; it depends on the Keras that wrote the model. */
public enum MaskMerge {
    /** It passes no mask on. */
    NONE,
    /** The logical or of all masks; none if any input has none, since all of its steps are valid. */
    ANY,
    /** The logical and of the masks of those inputs that have one. */
    ALL;

    /** The mask of the output. */
    public OutputMask of(InputMasks masks) {
        boolean merges = this == ANY ? masks.areAllMasked() : this == ALL && masks.isAnyMasked();
        return merges ? new OutputMask.Joined(this == ANY) : OutputMask.NONE;
    }
}
