package dev.rekur.training.diagnosis;

import java.util.List;

/**
 * How large the gradients and the weights of a layer that is trained are, epoch by epoch.
 *
 * <p>Epochs are counted from 0; one that was not seen has NaN.
 *
 * @param gradientNorms Euclidean norm over all its trainable weights, before clipping; mean over the steps of the epoch that
 *     were measured (a training measures the first, and every 16th after it)
 * @param weightNorms Euclidean norm over the same weights at the end of the epoch
 */
public record LayerNorms(String layer, List<Double> gradientNorms, List<Double> weightNorms) {
    public LayerNorms {
        gradientNorms = List.copyOf(gradientNorms);
        weightNorms = List.copyOf(weightNorms);
        if (gradientNorms.size() != weightNorms.size()) {
            throw new IllegalArgumentException("layer '" + layer + "': " + gradientNorms.size()
                    + " epochs of gradients and " + weightNorms.size() + " of weights");
        }
    }

    int epochs() {
        return gradientNorms.size();
    }

    /** The gradient as a fraction of the weights; NaN where there are no weights to compare with. */
    double relative(int epoch) {
        double weight = weightNorms.get(epoch);
        return weight > 0 ? gradientNorms.get(epoch) / weight : Double.NaN;
    }
}
