package dev.rekur.layer.merging;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskMerge;

/**
 * Adds its inputs, element by element, from the first to the last: {@code y = x_1 + x_2 + ...}.
 *
 * <p>Adjoint: {@code dx_k = dy}.
 *
 * <p>Follows {@code keras/src/layers/merging/add.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Add(MaskMerge masks) implements ElementwiseMerge {
    /** As in Keras 3. */
    public Add() {
        this(MaskMerge.ANY);
    }

    public static Add fromConfig(LayerConfig config) {
        return new Add(config.version().mergedMasks());
    }

    @Override
    public Add withMasks(MaskMerge other) {
        return new Add(other);
    }

    @Override
    public String className() {
        return "Add";
    }

    @Override
    public void merge(float[] y, int yAt, float[] x, int xAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void unmerge(float[] dy, int dyAt, float[] dx, int dxAt, int length) {
        System.arraycopy(dy, dyAt, dx, dxAt, length);
    }
}
