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
 * What a dropout keeps, drawn anew at each step: a flag for each feature. Depends on the step and on where in the batch the
 * feature stands, not on shards or threads.
 */
public final class DropoutMask {
    /** Draws of 24 bits that come from one draw of 64. */
    private static final int DRAWS = 2;

    private final Slot flags;
    private final long key;
    private final double rate;
    private final float scale;
    private final int rowSize;
    /** Whether all rows of the batch share what is drawn. */
    private final boolean oneRow;

    /** Where in a row of what is drawn each feature's flag stands; empty if it stands where the feature does. */
    private final int[] sources;

    private DropoutMask(Slot flags, long key, double rate, int rowSize, boolean oneRow, int[] sources) {
        this.flags = flags;
        this.key = key;
        this.rate = rate;
        this.scale = rate >= 1 ? 0f : (float) (1 / (1 - rate));
        this.rowSize = rowSize;
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
        boolean oneRow = !noiseShape.isEmpty() && noiseShape.get(0) == 1;
        int[] sources = noiseShape.isEmpty() ? new int[0] : sources(noiseShape, binding.inputShape(0));
        Slot flags = binding.keep(binding.scratchFlags(rowSize));
        return new DropoutMask(flags, binding.randomKey(), rate, rowSize, oneRow, sources);
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

    /** Draws the flags of a shard. */
    public void draw(TrainingWorkspace workspace, int rows) {
        boolean[] kept = workspace.flags(flags);
        long stepKey = RandomNumbers.key(key, workspace.step());
        int threshold = (int) Math.round(rate * (1 << 24));
        int pairs = (rowSize + DRAWS - 1) / DRAWS;
        for (int row = 0; row < rows; row++) {
            int at = workspace.at(flags) + row * rowSize;
            long place = oneRow ? 0 : (long) (workspace.firstRow() + row) * pairs;
            if (sources.length > 0) {
                for (int i = 0; i < rowSize; i++) {
                    kept[at + i] = draw(stepKey, place, sources[i]) >= threshold;
                }
                continue;
            }
            for (int pair = 0; pair < pairs; pair++) {
                long bits = RandomNumbers.bits(stepKey, place + pair);
                int i = pair * DRAWS;
                kept[at + i] = (int) (bits >>> 40) >= threshold;
                if (i + 1 < rowSize) {
                    kept[at + i + 1] = (int) (bits & 0xFFFFFF) >= threshold;
                }
            }
        }
    }

    private static int draw(long stepKey, long place, int index) {
        long bits = RandomNumbers.bits(stepKey, place + index / DRAWS);
        return (int) (index % DRAWS == 0 ? bits >>> 40 : bits & 0xFFFFFF);
    }

    /** Scales what is kept and silences the rest; {@code to} may be {@code from}. */
    public void apply(TrainingWorkspace workspace, int rows, Slot from, Slot to) {
        boolean[] kept = workspace.flags(flags);
        int at = workspace.at(flags);
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        for (int i = 0; i < rows * rowSize; i++) {
            y[yAt + i] = kept[at + i] ? x[xAt + i] * scale : 0f;
        }
    }

    /** {@code a x + b} of what is kept, and a constant for the rest; {@code to} may be {@code from}. */
    void choose(TrainingWorkspace workspace, int rows, Slot from, float a, float b, float rest, Slot to) {
        boolean[] kept = workspace.flags(flags);
        int at = workspace.at(flags);
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        for (int i = 0; i < rows * rowSize; i++) {
            y[yAt + i] = kept[at + i] ? a * x[xAt + i] + b : rest;
        }
    }

    /** The factor of a feature of a row: 0, or what kept features are scaled by. */
    public float factor(TrainingWorkspace workspace, int row, int feature) {
        return workspace.flags(flags)[workspace.at(flags) + row * rowSize + feature] ? scale : 0f;
    }
}
