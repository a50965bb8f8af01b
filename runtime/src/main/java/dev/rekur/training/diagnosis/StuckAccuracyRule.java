package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Set;

/**
 * An accuracy that stays within {@value #CLOSE} of the most frequent class's share for the last {@value #EPOCHS} epochs, while the
 * loss stays as well: over {@value #STEPS} steps and more the model learns nothing but what is frequent. Says nothing where that
 * class makes up over {@value #DOMINANT} of the data, since a good model may be as close there.
 */
final class StuckAccuracyRule implements Rule {
    static final double CLOSE = 0.02;
    static final int EPOCHS = 5;
    static final int STEPS = 100;
    static final double DOMINANT = 0.95;

    private static final Set<String> NAMES =
            Set.of("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy");

    /** The best accuracy of the last epoch; 0 if there is none. */
    static double best(Facts facts) {
        return facts.history().names().stream()
                .filter(NAMES::contains)
                .map(name -> facts.history().values(name))
                .mapToDouble(values -> values.get(values.size() - 1))
                .max()
                .orElse(0);
    }

    @Override
    public List<Finding> findings(Facts facts) {
        double majority = facts.classFrequencies().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        if (majority > DOMINANT
                || facts.steps() < STEPS
                || !LossCourse.of(facts).stays()) {
            return List.of();
        }
        return facts.history().names().stream()
                .filter(NAMES::contains)
                .filter(name -> isStuck(facts.history().values(name), majority))
                .limit(1)
                .map(name -> finding(facts, name, majority))
                .toList();
    }

    private static boolean isStuck(List<Double> values, double majority) {
        return values.size() >= EPOCHS
                && values.subList(values.size() - EPOCHS, values.size()).stream()
                        .allMatch(value -> Math.abs(value - majority) <= CLOSE);
    }

    private static Finding finding(Facts facts, String name, double majority) {
        List<Double> values = facts.history().values(name);
        String evidence = name + " is " + Rule.number(values.get(values.size() - 1)) + " and has been within "
                + Rule.percent(CLOSE) + " of the most frequent of "
                + facts.classFrequencies().size() + " classes ("
                + Rule.percent(majority) + " of the labels) for " + EPOCHS
                + " epochs, and the loss does not come down: the model does no better than to give that answer to everything.";
        return new Finding(
                Finding.Kind.ACCURACY_STUCK,
                evidence,
                "Try a learning rate ten times lower, then ten times higher. Check that labels belong to their rows and that the data is"
                        + " shuffled; if classes are unequal, set class weights.");
    }
}
