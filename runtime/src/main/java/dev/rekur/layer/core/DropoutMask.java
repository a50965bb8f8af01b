package dev.rekur.layer.core;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dropout keeps, stored: a factor for each feature, 0 or {@code 1 / (1 - rate)}. For draws that are used several times, or
 * shared by features; {@link DropoutDraws} alone does where each feature is drawn for itself.
 */
public final class DropoutMask {
    private final Slot factors;
    private final DropoutDraws draws;

    /** Where in a row of what is drawn each feature's factor stands; empty if it stands where the feature does. */
    private final int[] sources;

    private DropoutMask(Slot factors, DropoutDraws draws, int[] sources) {
        this.factors = factors;
        this.draws = draws;
        this.sources = sources;
    }

    /** Writes {@code noise_shape}. */
    static void toConfig(List<Integer> noiseShape, LayerConfigWriter config) {
        List<@Nullable Object> extents = new ArrayList<>();
        noiseShape.forEach(extent -> extents.add(extent == Shape.UNKNOWN ? null : (Object) (long) extent));
        config.json("noise_shape", extents.isEmpty() ? null : extents);
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
        int[] sources = noiseShape.isEmpty() ? new int[0] : sources(noiseShape, binding.inputShape(0));
        return new DropoutMask(
                binding.saved(rowSize), new DropoutDraws(binding, rate, rowSize, isOneRow(noiseShape)), sources);
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
        int at = workspace.at(factors);
        if (sources.length == 0) {
            Arrays.fill(drawn, at, at + rows * draws.rowSize(), 1f);
            draws.apply(workspace, rows, factors, factors);
            return;
        }
        long stepKey = draws.stepKey(workspace);
        for (int row = 0; row < rows; row++) {
            long rowKey = draws.rowKey(workspace, stepKey, row);
            for (int source : sources) {
                drawn[at++] = draws.factor(rowKey, source);
            }
        }
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
                        rows * draws.rowSize());
    }

    /** {@code a x + b} of what is kept, and a constant for the rest; {@code to} may be {@code from}. */
    void choose(TrainingWorkspace workspace, int rows, Slot from, float a, float b, float rest, Slot to) {
        float[] drawn = workspace.floats(factors);
        int at = workspace.at(factors);
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        for (int i = 0; i < rows * draws.rowSize(); i++) {
            y[yAt + i] = drawn[at + i] != 0 ? a * x[xAt + i] + b : rest;
        }
    }

    /** The factor of a feature of a row: 0, or what kept features are scaled by. */
    public float factor(TrainingWorkspace workspace, int row, int feature) {
        return workspace.floats(factors)[workspace.at(factors) + row * draws.rowSize() + feature];
    }
}
