package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * What each vector of a batch counts. Holds the arrays, does not copy them: whoever fills them anew for each batch needs
 * one of these only.
 *
 * @param weights sample weights, one for a row or one for a vector; null if all are 1
 * @param perStep whether there is one for each vector; if not, a row's weight counts for each of its steps
 * @param mask which vectors count at all, one flag for a vector: the mask that Keras carries on the prediction; null if all
 *     do
 */
public record VectorWeights(float @Nullable [] weights, boolean perStep, boolean @Nullable [] mask) {
    /** Every vector counts 1. */
    public static final VectorWeights NONE = new VectorWeights(null, false, null);

    /** The weight of a vector, mask aside. */
    float weight(int vector, int steps) {
        return weights == null ? 1f : weights[perStep ? vector : vector / steps];
    }

    boolean isMasked(int vector) {
        return mask != null && !mask[vector];
    }
}
