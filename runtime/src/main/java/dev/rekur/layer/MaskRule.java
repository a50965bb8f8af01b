package dev.rekur.layer;

/** Which mask an output of a layer carries, given the masks of its inputs. */
public enum MaskRule {
    /** None: whatever mask came in ends here. */
    DROP,
    /** The one given to the call, or that of the first input, if there is one. */
    PASS,
    /** The logical or, within each step of the output, of that of the first input, if it has one. Keras 2's TimeDistributed. */
    STEPS,
    /** The layer computes one and writes it to {@link Binding#outputMask}. */
    COMPUTE,
    /** The logical or of all inputs' masks; none if any input has none. Keras's merging layers. */
    ANY,
    /** The logical and of the masks of those inputs that have one. Keras 2's merging layers. */
    ALL
}
