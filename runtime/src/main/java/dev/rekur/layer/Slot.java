package dev.rekur.layer;

/**
 * A buffer of a plan. Its place in a {@link Workspace} depends on the workspace's capacity in rows, so operations keep
 * the slot and ask the workspace for the place.
 *
 * @param id index of the slot in its plan
 * @param kind FLOAT, INT or FLAG
 * @param rowSize elements per row of the batch
 */
public record Slot(int id, ValueKind kind, int rowSize) {}
