package dev.rekur.training.diagnosis;

import dev.rekur.training.callback.Logs;
import java.util.ArrayList;
import java.util.List;

/**
 * A validation loss that was lowest at least {@value #EPOCHS} epochs ago and has been over 10 % above that in each of the last
 * {@value #EPOCHS} epochs, while the training loss fell by 10 % or more.
 */
final class OverfittingRule implements Rule {
    static final int EPOCHS = 3;
    static final double WORSE = 1.1;
    static final double FELL = 0.9;

    private static final String LOSS = "loss";
    private static final String VALIDATION = "val_loss";

    @Override
    public List<Finding> findings(Facts facts) {
        List<Integer> validated = validated(facts);
        if (validated.isEmpty()) {
            return List.of();
        }
        int best = validated.get(0);
        for (int index : validated) {
            best = value(facts, index, VALIDATION) < value(facts, best, VALIDATION) ? index : best;
        }
        int last = validated.get(validated.size() - 1);
        double lowest = value(facts, best, VALIDATION);
        double now = value(facts, last, VALIDATION);
        double then = value(facts, best, LOSS);
        double training = value(facts, last, LOSS);
        int bestEpoch = facts.history().epochs().get(best);
        int lastEpoch = facts.history().epochs().get(last);
        boolean worse = validated.size() > EPOCHS
                && validated.subList(validated.size() - EPOCHS, validated.size()).stream()
                        .allMatch(index -> value(facts, index, VALIDATION) > WORSE * lowest);
        if (lastEpoch - bestEpoch < EPOCHS || !worse || training > FELL * then) {
            return List.of();
        }
        return List.of(new Finding(
                Finding.Kind.OVERFITTING,
                "the validation loss was lowest in " + Rule.epoch(bestEpoch) + " (" + Rule.number(lowest)
                        + ") and is "
                        + Rule.number(now) + " in " + Rule.epoch(lastEpoch)
                        + ", while the training loss fell from "
                        + Rule.number(then) + " to " + Rule.number(training) + ".",
                (facts.restoresBest()
                                ? "The best weights are restored at the end already. "
                                : "Stop early and restore the best weights (patience " + EPOCHS + "). ")
                        + "For a better model: more data, dropout or recurrent dropout, weight decay, fewer units."));
    }

    /** Indices of the epochs that have both losses, finite and above 0. */
    private static List<Integer> validated(Facts facts) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < facts.history().epochs().size(); i++) {
            Logs logs = facts.history().logs(i);
            if (isLoss(logs, LOSS) && isLoss(logs, VALIDATION)) {
                indices.add(i);
            }
        }
        return indices;
    }

    private static boolean isLoss(Logs logs, String name) {
        return logs.contains(name) && Double.isFinite(logs.value(name)) && logs.value(name) > 0;
    }

    private static double value(Facts facts, int index, String name) {
        return facts.history().logs(index).value(name);
    }
}
