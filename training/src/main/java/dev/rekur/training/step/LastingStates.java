package dev.rekur.training.step;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.StateSlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** States of stateful layers, which outlive a step: as the last step left them, and as the one under way leaves them. */
public final class LastingStates {
    private List<float[]> before = new ArrayList<>();
    private List<float[]> after = new ArrayList<>();
    private int batch;

    /**
     * Makes room; states begin at zero.
     *
     * @throws InvalidInputException if the states are those of another number of rows
     */
    void begin(int rows, int[] rowSizes) {
        if (rowSizes.length == 0) {
            return;
        }
        if (before.isEmpty()) {
            batch = rows;
            HeapLimit.require(
                    "states of " + rows + " rows",
                    8L * rows * Arrays.stream(rowSizes).asLongStream().sum());
            for (int rowSize : rowSizes) {
                before.add(new float[Math.multiplyExact(rows, rowSize)]);
                after.add(new float[Math.multiplyExact(rows, rowSize)]);
            }
        }
        requireSizes(rowSizes);
        if (rows != batch) {
            throw new InvalidInputException(
                    "a stateful model keeps one state for each row: expected batches of " + batch
                            + " rows, found one of " + rows
                            + "; choose a batch size that divides the number of rows, or leave rows out");
        }
    }

    /** What was kept of a training may be another model's, or no training's. */
    private void requireSizes(int[] rowSizes) {
        boolean fit = before.size() == rowSizes.length;
        for (int i = 0; fit && i < rowSizes.length; i++) {
            fit = before.get(i).length == (long) batch * rowSizes[i];
        }
        if (!fit) {
            throw new InvalidInputException(
                    "the kept states are not those of this model's stateful layers."
                            + " Remove the directory to begin anew",
                    "docs/TROUBLESHOOTING.md#resume");
        }
    }

    void commit() {
        List<float[]> swapped = before;
        before = after;
        after = swapped;
    }

    /** The states as the last step left them; what is trained later does not change them. */
    public List<float[]> copy() {
        return before.stream().map(float[]::clone).toList();
    }

    /**
     * Goes on from states taken before.
     *
     * @param rows rows of a batch
     */
    public void restore(List<float[]> states, int rows) {
        before = new ArrayList<>();
        after = new ArrayList<>();
        for (float[] state : states) {
            before.add(state.clone());
            after.add(new float[state.length]);
        }
        batch = rows;
    }

    /** Rows of a batch; 0 if there are no states. */
    public int batch() {
        return before.isEmpty() ? 0 : batch;
    }

    float[] before(StateSlot state) {
        return before.get(state.id());
    }

    float[] after(StateSlot state) {
        return after.get(state.id());
    }
}
