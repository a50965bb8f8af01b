package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * What the course of the training loss says of the learning rate, from {@value #EPOCHS} epochs on. Too high: the loss rises in
 * at least half of the epochs and has not fallen by 10 %. Too low: it never rises, and has fallen by less than 2 % in all; a rate
 * of {@value #LARGE_RATE} or more, as Adadelta has it, is not called so. A change by less than a thousandth is none.
 */
final class LearningRateRule implements Rule {
    static final int EPOCHS = 4;
    static final double HARDLY = 0.9;
    static final double SLOWLY = 0.98;
    static final double NOISE = 1e-3;
    static final double LARGE_RATE = 1;

    @Override
    public List<Finding> findings(Facts facts) {
        return finding(facts).stream().toList();
    }

    static Optional<Finding> finding(Facts facts) {
        List<Double> losses = facts.history().values("loss");
        if (losses.size() < EPOCHS || !losses.stream().allMatch(loss -> Double.isFinite(loss) && loss > 0)) {
            return Optional.empty();
        }
        int rises = 0;
        for (int i = 1; i < losses.size(); i++) {
            rises += losses.get(i) > losses.get(i - 1) * (1 + NOISE) ? 1 : 0;
        }
        double first = losses.get(0);
        double last = losses.get(losses.size() - 1);
        Optional<Double> rate = facts.learningRate(losses.size() - 1);
        String course = "the loss goes from " + Rule.number(first) + " to " + Rule.number(last) + " in " + losses.size()
                + " epochs";
        String with = rate.map(value -> ", with a learning rate of " + Rule.number(value))
                        .orElse("") + ".";
        if (2 * rises >= losses.size() - 1 && last > HARDLY * first) {
            return Optional.of(
                    new Finding(
                            Finding.Kind.LEARNING_RATE_TOO_HIGH,
                            course + " and rises in " + rises + " of them" + with,
                            "Try a learning rate of "
                                    + rate.map(value -> Rule.number(value / 10)).orElse("a tenth")
                                    + ", and clip gradients (clipnorm 1.0). If that changes nothing, check that data and labels belong together."));
        }
        boolean mayBeLow = rate.isEmpty() || rate.get() < LARGE_RATE;
        if (mayBeLow && rises == 0 && last != first && last < first * (1 + NOISE) && last > SLOWLY * first) {
            return Optional.of(new Finding(
                    Finding.Kind.LEARNING_RATE_TOO_LOW,
                    course + ", and hardly moves" + with,
                    "Try a learning rate of "
                            + rate.map(value -> Rule.number(value * 10)).orElse("ten times that")
                            + ", unless the model was good to begin with."));
        }
        return Optional.empty();
    }
}
