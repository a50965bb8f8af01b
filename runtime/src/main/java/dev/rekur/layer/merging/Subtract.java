package dev.rekur.layer.merging;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskMerge;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Subtracts its second input from its first, element by element: {@code y = x_1 - x_2}.
 *
 * <p>Adjoint: {@code dx_1 = dy}, {@code dx_2 = -dy}.
 *
 * <p>Follows {@code keras/src/layers/merging/subtract.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Subtract(MaskMerge masks) implements ElementwiseMerge {
    /** As in Keras 3. */
    public Subtract() {
        this(MaskMerge.ANY);
    }

    public static Subtract fromConfig(LayerConfig config) {
        return new Subtract(config.version().mergedMasks());
    }

    @Override
    public Subtract withMasks(MaskMerge other) {
        return new Subtract(other);
    }

    @Override
    public String className() {
        return "Subtract";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        if (inputs.size() != 2) {
            throw new ShapeMismatchException(
                    "expected two inputs, found " + inputs.size(), "Subtract one tensor from one other.");
        }
        return ElementwiseMerge.super.outputShapes(inputs);
    }

    @Override
    public void merge(float[] y, int yAt, float[] x, int xAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] -= x[xAt + i];
        }
    }

    @Override
    public void unmerge(float[] dy, int dyAt, float[] dx, int dxAt, int length) {
        for (int i = 0; i < length; i++) {
            dx[dxAt + i] = -dy[dyAt + i];
        }
    }
}
