package dev.rekur.layer.merging;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskMerge;

/**
 * The largest of its inputs, element by element: {@code y = max(x_1, x_2, ...)}.
 *
 * <p>Adjoint: {@code dy} goes to the first input that has the value.
 *
 * <p>Follows {@code keras/src/layers/merging/maximum.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Maximum(MaskMerge masks) implements ElementwiseMerge {
    /** As in Keras 3. */
    public Maximum() {
        this(MaskMerge.ANY);
    }

    public static Maximum fromConfig(LayerConfig config) {
        return new Maximum(config.version().mergedMasks());
    }

    @Override
    public Maximum withMasks(MaskMerge other) {
        return new Maximum(other);
    }

    @Override
    public String className() {
        return "Maximum";
    }

    @Override
    public void merge(float[] y, int yAt, float[] x, int xAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] = Math.max(y[yAt + i], x[xAt + i]);
        }
    }

    @Override
    public boolean readsValues() {
        return true;
    }

    @Override
    public void unmerge(
            float[] y, int yAt, float[] x, int xAt, float[] dy, int dyAt, float[] dx, int dxAt, int length) {
        for (int i = 0; i < length; i++) {
            boolean first = y[yAt + i] >= x[xAt + i];
            dx[dxAt + i] = first ? 0f : dy[dyAt + i];
            dy[dyAt + i] = first ? dy[dyAt + i] : 0f;
        }
    }
}
