package dev.rekur.tensor;

/** The element types that tensors have at the border of a model. */
public enum DType {
    /** 32-bit floating point. */
    FLOAT,
    /** 32-bit signed integer: token ids. */
    INT,
    /** Text, any length. */
    TEXT
}
