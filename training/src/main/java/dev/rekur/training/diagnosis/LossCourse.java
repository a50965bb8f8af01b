package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The training loss from epoch to epoch: evidence whether what was measured inside of the model does any harm.
 *
 * @param losses by epoch, all finite; none if any is not
 * @param begin the loss of the first batch, if known
 */
record LossCourse(List<Double> losses, OptionalDouble begin) {
    /** A loss that is not below this share of the first has not fallen. */
    static final double HARDLY = 0.9;

    /** How often a loss that jumped is the lowest before it; it has also lost half of what it had gained. */
    static final double JUMP = 2;

    /** How often a loss that diverged is that of the first epoch. */
    static final double DIVERGED = 10;

    /** How often a loss that diverged is that of the first batch, which is one of many. */
    static final double DIVERGED_FROM_BATCH = 1000;

    static LossCourse of(Facts facts) {
        List<Double> losses = facts.history().values("loss");
        boolean finite = losses.stream().allMatch(Double::isFinite);
        return new LossCourse(finite ? losses : List.of(), facts.firstLoss());
    }

    int epochs() {
        return losses.size();
    }

    double first() {
        return losses.get(0);
    }

    double last() {
        return losses.get(losses.size() - 1);
    }

    /** Whether there are so many epochs, and all losses are over 0, so that their ratios mean something. */
    boolean hasRatios(int atLeast) {
        return losses.size() >= atLeast && losses.stream().allMatch(loss -> loss > 0);
    }

    /** Whether the loss has not come down. */
    boolean stays() {
        return hasRatios(2) && last() > HARDLY * first();
    }

    /** Whether the loss has not come down, or has jumped up on the way. */
    boolean suffers() {
        if (!hasRatios(2)) {
            return divergence().isPresent();
        }
        double lowest = first();
        boolean jumped = false;
        for (double loss : losses) {
            jumped |= loss > JUMP * lowest && loss > (first() + lowest) / 2;
            lowest = Math.min(lowest, loss);
        }
        return jumped || stays() || divergence().isPresent();
    }

    /** Where the loss began, in words, if it is now many times that. */
    Optional<String> divergence() {
        if (hasRatios(2) && last() > DIVERGED * first()) {
            return Optional.of(Rule.number(first()) + " in epoch 1");
        }
        boolean far = begin.isPresent()
                && begin.getAsDouble() > 0
                && hasRatios(1)
                && last() > DIVERGED_FROM_BATCH * begin.getAsDouble();
        return far ? Optional.of(Rule.number(begin.getAsDouble()) + " at the first step") : Optional.empty();
    }
}
