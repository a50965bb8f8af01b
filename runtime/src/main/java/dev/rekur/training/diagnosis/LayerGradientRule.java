package dev.rekur.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients by layer, as fractions of the layer's weights, so that layers of different size compare.
 *
 * <p>They explode where the gradient is over {@value #LARGE} times the weights, so that even a learning rate of 0.1 replaces them
 * in one step, and its norm over {@value #LEAST}: weights that begin at zero have small gradients that are larger than they are. They vanish where the fraction is under a {@value #FEWER}th of the largest of all layers in the last epoch: then
 * no one learning rate suits both.
 */
final class LayerGradientRule implements Rule {
    static final double LARGE = 10;
    static final double LEAST = 1;
    static final int FEWER = 10_000;

    @Override
    public List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        exploding(facts).ifPresent(findings::add);
        vanishing(facts.layers()).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> exploding(Facts facts) {
        List<String> where = new ArrayList<>();
        for (LayerNorms layer : facts.layers()) {
            for (int epoch = 0; epoch < layer.epochs(); epoch++) {
                double gradient = layer.gradientNorms().get(epoch);
                if (layer.relative(epoch) > LARGE && gradient > LEAST) {
                    where.add("layer '" + layer.layer() + "' has a gradient of norm " + Rule.number(gradient)
                            + " on weights of norm "
                            + Rule.number(layer.weightNorms().get(epoch)) + " in " + Rule.epoch(epoch));
                    break;
                }
            }
        }
        return where.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Finding(
                                Finding.Kind.EXPLODING_GRADIENTS,
                                String.join("; ", where) + ".",
                                (facts.clipped()
                                                ? "Gradients are clipped already (these are the norms before): try "
                                                : "Clip gradients (clipnorm 1.0). Also try ")
                                        + "a lower learning rate, layer normalization between recurrent layers, and smaller initial weights."));
    }

    private static Optional<Finding> vanishing(List<LayerNorms> layers) {
        double largest = layers.stream()
                .mapToDouble(LayerGradientRule::last)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        List<String> where = new ArrayList<>();
        for (LayerNorms layer : layers) {
            if (last(layer) * FEWER < largest) {
                where.add("layer '" + layer.layer() + "' has a gradient of norm "
                        + Rule.number(layer.gradientNorms().get(layer.epochs() - 1)) + ", " + Rule.number(last(layer))
                        + " of its weights");
            }
        }
        return where.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Kind.VANISHING_GRADIENTS,
                        String.join("; ", where) + ", where the layer that learns most has " + Rule.number(largest)
                                + " of its weights (last epoch).",
                        "Try residual connections around the layers between, layer normalization, fewer layers, and LSTM or GRU instead"
                                + " of SimpleRNN; relu instead of sigmoid or tanh in dense layers."));
    }

    private static double last(LayerNorms layer) {
        return layer.epochs() == 0 ? Double.NaN : layer.relative(layer.epochs() - 1);
    }
}
