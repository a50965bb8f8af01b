package dev.rekur.layer.merging;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskMerge;

/**
 * Multiplies its inputs, element by element, from the first to the last: {@code y = x_1 x_2 ...}.
 *
 * <p>Adjoint: {@code dx_k = dy} times all other inputs.
 *
 * <p>Follows {@code keras/src/layers/merging/multiply.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Multiply(MaskMerge masks) implements ElementwiseMerge {
    /** As in Keras 3. */
    public Multiply() {
        this(MaskMerge.ANY);
    }

    public static Multiply fromConfig(LayerConfig config) {
        return new Multiply(config.version().mergedMasks());
    }

    @Override
    public Multiply withMasks(MaskMerge other) {
        return new Multiply(other);
    }

    @Override
    public String className() {
        return "Multiply";
    }

    @Override
    public void merge(float[] y, int yAt, float[] x, int xAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] *= x[xAt + i];
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
            dx[dxAt + i] = dy[dyAt + i] * y[yAt + i];
            dy[dyAt + i] *= x[xAt + i];
        }
    }
}
