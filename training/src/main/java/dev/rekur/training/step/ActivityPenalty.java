package dev.rekur.training.step;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;

/**
 * What an output of a layer costs by itself: {@code (l1 sum |y| + l2 sum y^2) / batch}, Keras's {@code activity_regularizer};
 * some versions of Keras do not divide.
 *
 * @param l1 what a size costs
 * @param l2 what a square costs
 * @param divided whether the sum is divided by the size of the batch
 */
public record ActivityPenalty(double l1, double l2, boolean divided) {
    /** Adds up the cost of a shard's rows, the batch aside. */
    TrainingOperation.EachShard measure(Slot output, Slot cost) {
        return (workspace, rows) -> {
            float[] y = workspace.floats(output);
            int at = workspace.at(output);
            double sizes = 0;
            double squares = 0;
            for (int i = at; i < at + rows * output.rowSize(); i++) {
                sizes += Math.abs(y[i]);
                squares += (double) y[i] * y[i];
            }
            workspace.floats(cost)[workspace.at(cost)] = (float) ((l1 * sizes + l2 * squares) * factor(workspace));
        };
    }

    /** What undoes the division. */
    private float factor(TrainingWorkspace workspace) {
        return divided ? 1 : ((Shard) workspace).batchRows();
    }

    /**
     * The gradient of the cost.
     *
     * @param add whether there is a gradient already, to be added to
     */
    TrainingOperation.EachShard adjoint(Slot output, Slot gradient, boolean add) {
        float sizeCost = (float) l1;
        float squareCost = (float) (2 * l2);
        return (workspace, rows) -> {
            float[] values = workspace.floats(output);
            int at = workspace.at(output);
            int to = workspace.at(gradient);
            float batch = ((Shard) workspace).batchRows() / factor(workspace);
            for (int i = 0; i < rows * output.rowSize(); i++) {
                float y = values[at + i];
                float cost = (sizeCost * Math.signum(y) + squareCost * y) / batch;
                values[to + i] = add ? values[to + i] + cost : cost;
            }
        };
    }
}
