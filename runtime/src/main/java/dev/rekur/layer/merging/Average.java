package dev.rekur.layer.merging;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskMerge;

/**
 * The mean of its inputs, element by element: {@code y = (x_1 + x_2 + ...) / n}.
 *
 * <p>Adjoint: {@code dx_k = dy / n}.
 *
 * <p>Follows {@code keras/src/layers/merging/average.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Average(MaskMerge masks) implements ElementwiseMerge {
    /** As in Keras 3. */
    public Average() {
        this(MaskMerge.ANY);
    }

    public static Average fromConfig(LayerConfig config) {
        return new Average(config.version().mergedMasks());
    }

    @Override
    public Average withMasks(MaskMerge other) {
        return new Average(other);
    }

    @Override
    public String className() {
        return "Average";
    }

    @Override
    public void merge(float[] y, int yAt, float[] x, int xAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void finish(float[] y, int at, int length, int inputs) {
        for (int i = at; i < at + length; i++) {
            y[i] /= inputs;
        }
    }

    @Override
    public void unfinish(float[] dy, int at, int length, int inputs) {
        finish(dy, at, length, inputs);
    }

    @Override
    public void unmerge(float[] dy, int dyAt, float[] dx, int dxAt, int length) {
        System.arraycopy(dy, dyAt, dx, dxAt, length);
    }
}
