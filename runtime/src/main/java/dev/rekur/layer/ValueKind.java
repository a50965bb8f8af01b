package dev.rekur.layer;

/** What flows along an edge of a graph. */
public enum ValueKind {
    FLOAT,
    INT,
    /** Truth values: masks, and what operations such as {@code NotEqual} give. */
    FLAG,
    TEXT
}
