package dev.rekur.training.diagnosis;

import java.util.List;

/** Layers in which at least half of the relu units were 0 for every input of an epoch: no gradient reaches those any more. */
final class DeadReluRule implements Rule {
    static final double MANY = 0.5;

    @Override
    public List<Finding> findings(Facts facts) {
        return facts.relus().stream()
                .filter(relu -> relu.deadFraction() >= MANY)
                .map(
                        relu -> new Finding(
                                Finding.Kind.DEAD_RELU,
                                "in layer '" + relu.layer() + "' " + Math.round(relu.deadFraction() * relu.units())
                                        + " of " + relu.units() + " units (" + Rule.percent(relu.deadFraction())
                                        + ") were 0 for all inputs of the last epoch.",
                                "Try a lower learning rate, he_normal as initializer, and leaky_relu, elu or tanh instead of relu."))
                .toList();
    }
}
