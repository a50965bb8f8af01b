package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Optional;

/** Where NaN or infinity first appeared; failing that, the first epoch whose loss is not finite. */
final class NonFiniteRule implements Rule {
    @Override
    public List<Finding> findings(Facts facts) {
        return facts.nonFinite().map(first -> finding(first, facts)).or(() -> fromHistory(facts)).stream()
                .toList();
    }

    private static Finding finding(NonFinite first, Facts facts) {
        int index = facts.history().epochs().indexOf(first.epoch());
        // the epoch in which it happened may not have ended; its rate is then unknown, the one before is close
        Optional<Double> rate =
                facts.learningRate(index >= 0 ? index : facts.learningRates().size() - 1);
        String evidence =
                "the first value that is not finite is " + first.place().words() + " '" + first.layer() + "'"
                        + (first.timeStep() < 0 ? "" : " at time step " + (first.timeStep() + 1)) + ", in "
                        + Rule.epoch(first.epoch()) + " at step " + (first.step() + 1)
                        + rate.map(value -> ", with a learning rate of " + Rule.number(value))
                                .orElse("") + ".";
        return new Finding(Finding.Kind.NON_FINITE, evidence, advice(first, facts.clipped(), rate));
    }

    private static Optional<Finding> fromHistory(Facts facts) {
        List<Double> losses = facts.history().values("loss");
        for (int i = 0; i < losses.size(); i++) {
            if (!Double.isFinite(losses.get(i))) {
                String evidence = "the loss is " + Rule.number(losses.get(i)) + " from "
                        + Rule.epoch(facts.history().epochs().get(i)) + " on"
                        + (i > 0 ? ", after " + Rule.number(losses.get(i - 1)) + " the epoch before." : ".");
                return Optional.of(new Finding(
                        Finding.Kind.NON_FINITE, evidence, diverges(facts.clipped(), facts.learningRate(i))));
            }
        }
        return Optional.empty();
    }

    private static String advice(NonFinite first, boolean clipped, Optional<Double> rate) {
        return switch (first.place()) {
            case DATA -> "Take rows with NaN or infinity out of the data, or replace them.";
            case LOSS -> {
                String labels =
                        "check that labels are in the range the loss expects, and that from_logits says whether the model ends"
                                + " in a softmax or sigmoid: the logarithm of 0 is infinite.";
                boolean atOnce = first.epoch() == 0 && first.step() == 0; // before any weight has moved
                yield atOnce
                        ? "C" + labels.substring(1)
                        : diverges(clipped, rate) + " If the loss is a crossentropy, " + labels;
            }
            case ACTIVATION, GRADIENT, WEIGHT -> diverges(clipped, rate);
        };
    }

    private static String diverges(boolean clipped, Optional<Double> rate) {
        return (clipped ? "Gradients are clipped already. Try " : "Clip gradients (clipnorm 1.0), and try ")
                + Rule.lower(rate)
                + ". If it stays, look for very large values in the data.";
    }
}
