package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Layers in which at least half of the relu units were 0 for every input of an epoch of at least {@value #INPUTS}: no gradient
 * reaches those any more. With fewer inputs a unit may be 0 for all of them and alive.
 */
final class DeadReluRule implements Rule {
    static final double MANY = 0.5;
    static final long INPUTS = 256;

    @Override
    public List<Finding> findings(Facts facts) {
        String where = facts.relus().stream()
                .filter(relu -> relu.deadFraction() >= MANY && relu.inputs() >= INPUTS)
                .map(relu ->
                        "in layer '" + relu.layer() + "' " + Math.round(relu.deadFraction() * relu.units()) + " of "
                                + relu.units() + " units (" + Rule.percent(relu.deadFraction()) + ") were 0 for all "
                                + relu.inputs() + " inputs of the last epoch")
                .collect(Collectors.joining("; "));
        return where.isEmpty()
                ? List.of()
                : List.of(
                        new Finding(
                                Finding.Kind.DEAD_RELU,
                                where + ".",
                                "Try a lower learning rate, he_normal as initializer, and leaky_relu, elu or tanh instead of relu."));
    }
}
