package dev.rekur.layer;

/**
 * State that outlives a call, kept in a session: the last state of a stateful recurrent layer.
 *
 * @param id index of the state in its plan's model
 * @param rowSize floats per row of the batch
 */
public record StateSlot(int id, int rowSize) {}
