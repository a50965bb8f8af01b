package dev.rekur.training.loss;

import dev.rekur.layer.KerasVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the losses of a batch's vectors become one number ({@code reduce_weighted_values} and {@code apply_mask} in {@code
 * keras/src/losses/loss.py}, Keras 3.15.1).
 *
 * <p>With losses {@code l}, sample weights {@code w}, {@code n} vectors of which {@code m} count:
 *
 * <pre>{@code
 * sum_over_batch_size, mean    sum(w l) / n, or with a mask sum over those that count(w l) / m
 * mean_with_sample_weight      sum(w l) / sum(w)
 * sum                          sum(w l)
 * }</pre>
 *
 * <p>Keras 2.3 to 2.9 divides by {@code n} where there is a mask, too. Before, Keras divides further by the share of weights that are
 * not 0 ({@code weighted_masked_objective} in {@code keras/engine/training_utils.py}, Keras 2.2.4).
 *
 * <p>A divisor of 0 gives 0. Sums run in double, in ascending order.
 *
 * <p>Keras multiplies the losses {@code [batch, time]} by row weights {@code [batch]} along the wrong axis, which fails
 * unless there are as many steps as rows; what it does with weights of shape {@code [batch, 1]} is what is done here.
 */
public enum LossReduction {
    SUM_OVER_BATCH_SIZE("sum_over_batch_size"),
    SUM("sum"),
    MEAN("mean"),
    MEAN_WITH_SAMPLE_WEIGHT("mean_with_sample_weight");

    private final String kerasName;

    LossReduction(String kerasName) {
        this.kerasName = kerasName;
    }

    /** The reduction that Keras means; {@code auto} is Keras 2's. */
    public static Optional<LossReduction> named(String kerasName) {
        for (LossReduction reduction : values()) {
            if (reduction.kerasName.equals(kerasName)) {
                return Optional.of(reduction);
            }
        }
        return kerasName.equals("auto") ? Optional.of(SUM_OVER_BATCH_SIZE) : Optional.empty();
    }

    public String kerasName() {
        return kerasName;
    }

    /**
     * Reduces, and scales the gradient by what that makes of each vector.
     *
     * @param rows rows of the batch
     * @param steps vectors in a row
     * @param values losses of the vectors
     * @param weights what each counts
     * @param target targets, looked at only if there is a class to ignore
     * @param ignoreClass the number of the class whose vectors do not count, or null
     * @param gradient {@code [rows * steps, features]}: becomes the gradient of the result; null if there is none
     * @return the loss of the batch; 0 for an empty one
     */
    double reduce(
            int rows,
            int steps,
            float[] values,
            VectorWeights weights,
            float[] target,
            @Nullable Integer ignoreClass,
            float @Nullable [] gradient,
            int features) {
        int vectors = rows * steps;
        boolean masked = weights.mask() != null || ignoreClass != null;
        int valid = 0;
        for (int v = 0; v < vectors; v++) {
            valid += counts(v, weights, target, ignoreClass) ? 1 : 0;
        }
        double validWeight = 1;
        if (this == SUM_OVER_BATCH_SIZE || this == MEAN) {
            KerasVersion version = weights.version();
            if (masked && valid > 0 && !version.lossesCountMaskedSteps()) {
                validWeight = (double) vectors / valid;
            }
            if (!version.lossesCountZeroWeights()) {
                validWeight *= weights.rarity(vectors, steps);
            }
        }
        double sum = 0;
        double weightSum = 0;
        for (int v = 0; v < vectors; v++) {
            double weight = counts(v, weights, target, ignoreClass) ? weights.weight(v, steps) * validWeight : 0;
            sum += weight * values[v];
            weightSum += weight;
        }
        if (weights.weights() != null && !weights.perStep() && !masked) {
            weightSum /= steps; // Keras sums the weights as they are: one for a row
        }
        double divisor =
                switch (this) {
                    case SUM -> 1;
                    case SUM_OVER_BATCH_SIZE, MEAN -> vectors;
                    case MEAN_WITH_SAMPLE_WEIGHT -> weights.weights() != null || masked ? weightSum : vectors;
                };
        double scale = divisor == 0 ? 0 : 1 / divisor;
        if (gradient != null) {
            for (int v = 0; v < vectors; v++) {
                boolean counts = counts(v, weights, target, ignoreClass);
                float factor = counts ? (float) (weights.weight(v, steps) * validWeight * scale) : 0f;
                for (int i = v * features; i < (v + 1) * features; i++) {
                    gradient[i] *= factor;
                }
            }
        }
        return divisor == 0 ? 0 : sum * scale;
    }

    private static boolean counts(int v, VectorWeights weights, float[] target, @Nullable Integer ignoreClass) {
        return !weights.isMasked(v) && (ignoreClass == null || target[v] != ignoreClass);
    }
}
