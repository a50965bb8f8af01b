package dev.rekur.layer.recurrent;

import dev.rekur.layer.Workspace;

/** One step of a recurrent layer, bound to the buffers of its states. */
@FunctionalInterface
public interface RecurrentStep {
    /**
     * Replaces the states by those after the step.
     *
     * @param rows rows of the batch
     * @param z holds the projected input of the step, {@code gates * units} floats a row; may be overwritten. With one
     *     gate, it holds the new state afterwards
     * @param zAt where row 0 begins
     * @param zStride distance from one row to the next
     */
    void run(Workspace workspace, int rows, float[] z, int zAt, int zStride);
}
