package dev.rekur.layer;

/** What flows along an edge of a graph. */
public enum ValueKind {
    FLOAT("float32"),
    INT("int32"),
    /** Truth values: masks, and what operations such as {@code NotEqual} give. */
    FLAG("bool"),
    TEXT("string");

    private final String dtype;

    ValueKind(String dtype) {
        this.dtype = dtype;
    }

    /** Keras's name of the type. */
    public String dtype() {
        return dtype;
    }
}
