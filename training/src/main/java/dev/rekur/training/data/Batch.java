package dev.rekur.training.data;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;

/**
 * Some rows of data.
 *
 * @param inputs in the order of the model's inputs, {@code [batch, ...]} each
 * @param targets in the order of the model's outputs, {@code [batch, ...]} each; fewer where an output has no loss
 * @param weights how much each row, or each step of a row, counts: empty, one for all outputs, or one for each
 */
public record Batch(List<? extends Tensor> inputs, List<? extends Tensor> targets, List<FloatTensor> weights) {
    public Batch {
        inputs = List.copyOf(inputs); // a source may fill its lists again
        targets = List.copyOf(targets);
        weights = List.copyOf(weights);
    }

    /** Rows that all count the same. */
    public Batch(List<? extends Tensor> inputs, List<? extends Tensor> targets) {
        this(inputs, targets, List.of());
    }

    /** One input and one output. */
    public static Batch of(Tensor input, Tensor target) {
        return new Batch(List.of(input), List.of(target));
    }

    /**
     * Number of rows.
     *
     * @throws InvalidInputException if there is nothing, or arrays of different lengths
     */
    public int rows() {
        if (inputs.isEmpty() || targets.isEmpty()) {
            throw new InvalidInputException(
                    "expected inputs and targets, found " + inputs.size() + " inputs and " + targets.size()
                            + " targets",
                    "docs/TROUBLESHOOTING.md#targets");
        }
        int rows = inputs.get(0).shape().dimension(0);
        requireRows("input", inputs, rows);
        requireRows("target", targets, rows);
        requireRows("sample weight", weights, rows);
        return rows;
    }

    /**
     * Looks that there is anything to run.
     *
     * @param epoch counted from 0
     * @param number of the batch, counted from 0
     * @throws InvalidInputException if it has no rows
     */
    public void requireRow(int epoch, int number) {
        if (rows() == 0) {
            throw new InvalidInputException(
                    "epoch " + (epoch + 1) + ", batch " + (number + 1)
                            + ": the batch has no rows, expected at least one row; leave empty batches out.",
                    "docs/TROUBLESHOOTING.md#targets");
        }
    }

    private static void requireRows(String what, List<? extends Tensor> tensors, int rows) {
        for (int i = 0; i < tensors.size(); i++) { // no iterator: this runs in each step
            requireRows(what, tensors.get(i), rows);
        }
    }

    private static void requireRows(String what, Tensor tensor, int rows) {
        if (tensor.shape().rank() == 0 || tensor.shape().dimension(0) != rows) {
            throw new InvalidInputException(
                    "x and y are of different lengths: the first input has " + rows + " rows, a " + what + " has shape "
                            + tensor.shape(),
                    "docs/TROUBLESHOOTING.md#targets");
        }
    }
}
