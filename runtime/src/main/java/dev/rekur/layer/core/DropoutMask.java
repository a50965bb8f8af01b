package dev.rekur.layer.core;

import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a dropout keeps, drawn anew at each step: a factor for each feature, 0 or {@code 1 / (1 - rate)}. Depends on the step and on
 * where in the batch the feature stands, not on shards or threads. A draw has 16 bits, so that the share that is kept is off by less
 * than 2^-16; the scale is that of the rate as given.
 */
public final class DropoutMask {
    /** Draws of 16 bits that come from one of 64. */
    private static final int DRAWS = 4;

    private static final int DRAW_BITS = 16;
    private static final int DRAW_MASK = (1 << DRAW_BITS) - 1;

    private final Slot factors;
    private final long key;
    /** Of 2^16 equally likely numbers, those from this one on keep a feature. */
    private final int threshold;
    /** The factor of what is kept, and of what is not. */
    private final float[] outcomes;

    private final int rowSize;
    private final int rowsOfEach;
    /** Whether all rows of the batch share what is drawn. */
    private final boolean oneRow;

    /** Where in a row of what is drawn each feature's factor stands; empty if it stands where the feature does. */
    private final int[] sources;

    private DropoutMask(
            Slot factors, long key, double rate, int rowSize, int rowsOfEach, boolean oneRow, int[] sources) {
        this.factors = factors;
        this.key = key;
        this.threshold = (int) Math.round(rate * (1 << DRAW_BITS));
        this.outcomes = new float[] {rate >= 1 ? 0f : (float) (1 / (1 - rate)), 0f};
        this.rowSize = rowSize;
        this.rowsOfEach = rowsOfEach;
        this.oneRow = oneRow;
        this.sources = sources;
    }

    /** Reads {@code noise_shape}; an extent of the input's own stands as unknown. */
    static List<Integer> noiseShape(LayerConfig config) {
        List<Integer> extents = new ArrayList<>();
        if (config.raw("noise_shape") instanceof List<?> shape) {
            for (Object extent : shape) {
                extents.add(extent instanceof Number number ? number.intValue() : Shape.UNKNOWN);
            }
        }
        return extents;
    }

    /**
     * Binds a mask for rows of {@code rowSize} features.
     *
     * @param noiseShape see {@link Dropout}
     */
    public static DropoutMask bind(TrainingBinding binding, double rate, int rowSize, List<Integer> noiseShape) {
        boolean oneRow = isOneRow(noiseShape);
        int[] sources = noiseShape.isEmpty() ? new int[0] : sources(noiseShape, binding.inputShape(0));
        return new DropoutMask(
                binding.saved(rowSize), binding.randomKey(), rate, rowSize, binding.rowsOfEach(), oneRow, sources);
    }

    /** Whether all rows of the batch share what is drawn. */
    static boolean isOneRow(List<Integer> noiseShape) {
        return !noiseShape.isEmpty() && noiseShape.get(0) == 1;
    }

    private static int[] sources(List<Integer> noiseShape, Shape shape) {
        int[] sources = new int[shape.rowSize()];
        for (int i = 0; i < sources.length; i++) {
            int rest = i;
            int stride = 1;
            for (int axis = shape.rank() - 1; axis > 0; axis--) {
                int extent = shape.dimension(axis);
                if (axis >= noiseShape.size() || noiseShape.get(axis) != 1) {
                    sources[i] += rest % extent * stride;
                    stride *= extent;
                }
                rest /= extent;
            }
        }
        return sources;
    }

    /** Draws the factors of a shard. */
    public void draw(TrainingWorkspace workspace, int rows) {
        float[] drawn = workspace.floats(factors);
        long stepKey = RandomNumbers.key(key, workspace.step());
        int words = (rowSize + DRAWS - 1) / DRAWS;
        int whole = rowSize / DRAWS * DRAWS;
        long firstRow = (long) workspace.firstRow() * rowsOfEach;
        for (int row = 0; row < rows; row++) {
            int at = workspace.at(factors) + row * rowSize;
            long place = oneRow ? 0 : (firstRow + row) * words;
            if (sources.length > 0) {
                for (int i = 0; i < rowSize; i++) {
                    drawn[at + i] = factor(draw(stepKey, place, sources[i]));
                }
                continue;
            }
            for (int i = 0; i < whole; i += DRAWS) {
                long bits = RandomNumbers.bits(stepKey, place++);
                drawn[at + i] = factor((int) bits & DRAW_MASK);
                drawn[at + i + 1] = factor((int) (bits >>> DRAW_BITS) & DRAW_MASK);
                drawn[at + i + 2] = factor((int) (bits >>> 2 * DRAW_BITS) & DRAW_MASK);
                drawn[at + i + 3] = factor((int) (bits >>> 3 * DRAW_BITS));
            }
            for (int i = whole; i < rowSize; i++) {
                drawn[at + i] = factor(draw(stepKey, place - whole / DRAWS, i));
            }
        }
    }

    private static int draw(long stepKey, long place, int index) {
        long bits = RandomNumbers.bits(stepKey, place + index / DRAWS);
        return (int) (bits >>> index % DRAWS * DRAW_BITS) & DRAW_MASK;
    }

    /** Looked up by the sign of a difference: a branch would be guessed wrong too often. */
    private float factor(int draw) {
        return outcomes[draw - threshold >>> 31];
    }

    /** Scales what is kept and silences the rest; {@code to} may be {@code from}. */
    public void apply(TrainingWorkspace workspace, int rows, Slot from, Slot to) {
        workspace
                .kernels()
                .product(
                        workspace.floats(from),
                        workspace.at(from),
                        workspace.floats(factors),
                        workspace.at(factors),
                        workspace.floats(to),
                        workspace.at(to),
                        rows * rowSize);
    }

    /** {@code a x + b} of what is kept, and a constant for the rest; {@code to} may be {@code from}. */
    void choose(TrainingWorkspace workspace, int rows, Slot from, float a, float b, float rest, Slot to) {
        float[] drawn = workspace.floats(factors);
        int at = workspace.at(factors);
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        for (int i = 0; i < rows * rowSize; i++) {
            y[yAt + i] = drawn[at + i] != 0 ? a * x[xAt + i] + b : rest;
        }
    }

    /** The factor of a feature of a row: 0, or what kept features are scaled by. */
    public float factor(TrainingWorkspace workspace, int row, int feature) {
        return workspace.floats(factors)[workspace.at(factors) + row * rowSize + feature];
    }
}
