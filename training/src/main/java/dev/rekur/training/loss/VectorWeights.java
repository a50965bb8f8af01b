package dev.rekur.training.loss;

import dev.rekur.layer.KerasVersion;
import org.jspecify.annotations.Nullable;

/**
 * What each vector of a batch counts. Holds the arrays, does not copy them: whoever fills them anew for each batch needs
 * one of these only.
 *
 * @param weights sample weights, one for a row or one for a vector; null if all are 1
 * @param perStep whether there is one for each vector; if not, a row's weight counts for each of its steps
 * @param mask which vectors count at all, one flag for a vector: the mask that Keras carries on the prediction; null if all
 *     do
 * @param version the Keras that decides by how many a loss is divided where there are weights or a mask
 */
public record VectorWeights(
        float @Nullable [] weights, boolean perStep, boolean @Nullable [] mask, KerasVersion version) {
    /** Every vector counts 1. */
    public static final VectorWeights NONE = new VectorWeights(null, false, null);

    /** As the newest Keras counts. */
    public VectorWeights(float @Nullable [] weights, boolean perStep, boolean @Nullable [] mask) {
        this(weights, perStep, mask, KerasVersion.NEWEST);
    }

    /** The weight of a vector, mask aside. */
    float weight(int vector, int steps) {
        return weights == null ? 1f : weights[perStep ? vector : vector / steps];
    }

    /** How many vectors there are for one whose weight is not 0, mask aside; 1 if there is none. */
    public double rarity(int vectors, int steps) {
        int weighty = 0;
        for (int v = 0; v < vectors; v++) {
            weighty += weight(v, steps) == 0 ? 0 : 1;
        }
        return weighty == 0 ? 1 : (double) vectors / weighty;
    }

    /** How many vectors there are for one that the mask lets count; 1 if it lets none. */
    public double maskRarity(int vectors) {
        int counted = 0;
        for (int v = 0; v < vectors; v++) {
            counted += isMasked(v) ? 0 : 1;
        }
        return counted == 0 ? 1 : (double) vectors / counted;
    }

    boolean isMasked(int vector) {
        return mask != null && !mask[vector];
    }
}
