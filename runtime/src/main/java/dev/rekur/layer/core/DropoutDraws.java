package dev.rekur.layer.core;

import dev.rekur.kernel.Draws;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;

/**
 * What a dropout draws: which features are kept. A function of the training's seed, of the step, and of where in the batch a
 * feature stands, not of shards or threads; so nothing need be stored, and the adjoint draws once more.
 *
 * <p>A draw has 16 bits, so that the share that is kept is off by less than 2^-16; the scale is that of the rate as given.
 */
final class DropoutDraws {
    private final long key;
    private final int rowsOfEach;
    /** Whether all rows of the batch share what is drawn. */
    private final boolean oneRow;

    private final int rowSize;
    private final int threshold;
    private final float scale;

    /**
     * @param rate fraction of the features that are silenced
     * @param rowSize features in a row
     * @param oneRow whether all rows of the batch share what is drawn
     */
    DropoutDraws(TrainingBinding binding, double rate, int rowSize, boolean oneRow) {
        this.key = binding.randomKey();
        this.rowsOfEach = binding.rowsOfEach();
        this.oneRow = oneRow;
        this.rowSize = rowSize;
        boolean all = rate >= 1;
        this.threshold = all ? Draws.RANGE : (int) Math.min(Draws.MASK, Math.round(rate * Draws.RANGE));
        this.scale = all ? 0f : (float) (1 / (1 - rate));
    }

    int rowSize() {
        return rowSize;
    }

    /** Scales what is kept and silences the rest; {@code to} may be {@code from}. */
    void apply(TrainingWorkspace workspace, int rows, Slot from, Slot to) {
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        long stepKey = stepKey(workspace);
        for (int row = 0; row < rows; row++) {
            int offset = row * rowSize;
            long rowKey = rowKey(workspace, stepKey, row);
            workspace.kernels().dropout(rowKey, threshold, scale, x, xAt + offset, y, yAt + offset, rowSize);
        }
    }

    long stepKey(TrainingWorkspace workspace) {
        return RandomNumbers.key(key, workspace.step());
    }

    /** The key of a row's draws. */
    long rowKey(TrainingWorkspace workspace, long stepKey, int row) {
        return RandomNumbers.key(stepKey, oneRow ? 0 : (long) workspace.firstRow() * rowsOfEach + row);
    }

    /** The factor of a feature: 0, or what kept features are scaled by. */
    float factor(long rowKey, int feature) {
        return Draws.draw(rowKey, feature) < threshold ? 0f : scale;
    }
}
