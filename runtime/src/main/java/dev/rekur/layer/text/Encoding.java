package dev.rekur.layer.text;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How indices are put out: as they are, or as vectors of {@link #depth} features.
 *
 * <p>Follows {@code encode_categorical_inputs} in {@code keras/src/utils/numerical_utils.py} of Keras 3.15.
 */
public final class Encoding {
    private final OutputMode mode;
    private final int depth;
    private final float[] weights;

    /**
     * @param depth features of a vector
     * @param weights of each index in {@code tf_idf} mode; indices beyond them weigh nothing
     */
    Encoding(OutputMode mode, int depth, float... weights) {
        this.mode = mode;
        this.depth = depth;
        this.weights = weights.clone();
    }

    OutputMode mode() {
        return mode;
    }

    /** Features of a vector; without meaning for indices. */
    public int depth() {
        return depth;
    }

    /** Weights of each index in {@code tf_idf} mode, as long as {@link #depth}; none in others. */
    public float[] weights() {
        return mode == OutputMode.TF_IDF ? Arrays.copyOf(weights, depth) : new float[0];
    }

    /** True if indices are put out as they are. */
    public boolean isInt() {
        return mode == OutputMode.INT;
    }

    /**
     * Writes the vector of one row, or in {@code one_hot} mode of one word.
     *
     * @param indices below {@link #depth}, or negative to be left out
     * @param y zeros from {@code at} on
     */
    void write(int[] indices, int from, int to, float[] y, int at) {
        boolean counts = mode == OutputMode.COUNT || mode == OutputMode.TF_IDF;
        for (int i = from; i < to; i++) {
            int index = indices[i];
            if (index >= 0) {
                y[at + index] = counts ? y[at + index] + 1 : 1;
            }
        }
        if (mode == OutputMode.TF_IDF) {
            for (int i = 0; i < weights.length; i++) {
                y[at + i] *= weights[i]; // also zeros, which negative weights give their sign
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Encoding that
                && mode == that.mode
                && depth == that.depth
                && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
        return Objects.hash(mode, depth, Arrays.hashCode(weights));
    }

    @Override
    public String toString() {
        return "Encoding[" + mode + ", depth " + depth + "]";
    }
}
