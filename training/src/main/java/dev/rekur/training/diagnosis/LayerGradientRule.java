package dev.rekur.training.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gradients by layer, beside the layer's weights, so that layers of different size compare.
 *
 * <p>They explode where the gradient is over {@value #LARGE} times the weights, so that even a learning rate of 0.1 replaces them
 * in one step, its norm over {@value #LEAST} (weights that begin at zero have small gradients that are larger than they are), and
 * the loss suffers: targets that are large make large gradients too, and no harm. They vanish where a layer gets under a {@value
 * #FEWER}th of what a later one gets, both in itself and beside its weights, in each of the last {@value #EPOCHS} epochs. A layer
 * without any gradient is not reached by the loss, which is something else.
 */
final class LayerGradientRule implements Rule {
    static final double LARGE = 10;
    static final double LEAST = 1;
    static final int FEWER = 10_000;
    static final int EPOCHS = 3;

    @Override
    public List<Finding> findings(Facts facts) {
        List<Finding> findings = new ArrayList<>();
        exploding(facts).ifPresent(findings::add);
        vanishing(facts.layers()).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> exploding(Facts facts) {
        if (!LossCourse.of(facts).suffers()) {
            return Optional.empty();
        }
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
                                String.join("; ", where) + ", and the loss does not come down, or jumps.",
                                (facts.clipped()
                                                ? "Gradients are clipped already (these are the norms before): try "
                                                : "Clip gradients (clipnorm 1.0). Also try ")
                                        + "a lower learning rate, layer normalization between recurrent layers, and smaller initial weights."));
    }

    private static Optional<Finding> vanishing(List<LayerNorms> layers) {
        List<String> where = new ArrayList<>();
        LayerNorms most = null;
        for (int l = layers.size() - 1; l >= 0; l--) { // gradients come from the end
            LayerNorms layer = layers.get(l);
            if (layer.epochs() == 0 || !Double.isFinite(last(layer))) {
                continue;
            }
            if (most != null && vanishes(layer, most)) {
                where.add(
                        0,
                        "layer '" + layer.layer() + "' has a gradient of norm "
                                + Rule.number(layer.gradientNorms().get(layer.epochs() - 1)) + ", "
                                + Rule.number(last(layer)) + " of its weights");
            } else if (most == null || last(layer) > last(most)) {
                most = layer;
            }
        }
        return most == null || where.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Kind.VANISHING_GRADIENTS,
                        String.join("; ", where) + ", where layer '" + most.layer() + "' behind has "
                                + Rule.number(last(most)) + " of its weights (last epoch).",
                        "Try residual connections around the layers between, layer normalization, fewer layers, and LSTM or GRU instead"
                                + " of SimpleRNN; relu instead of sigmoid or tanh in dense layers."));
    }

    private static boolean vanishes(LayerNorms layer, LayerNorms later) {
        int epochs = Math.min(layer.epochs(), later.epochs());
        for (int epoch = Math.max(0, epochs - EPOCHS); epoch < epochs; epoch++) {
            double gradient = layer.gradientNorms().get(epoch);
            boolean less = gradient > 0
                    && gradient * FEWER < later.gradientNorms().get(epoch)
                    && layer.relative(epoch) * FEWER < later.relative(epoch);
            if (!less) {
                return false;
            }
        }
        return true;
    }

    private static double last(LayerNorms layer) {
        return layer.relative(layer.epochs() - 1);
    }
}
