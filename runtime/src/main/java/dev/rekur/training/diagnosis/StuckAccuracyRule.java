package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Set;

/**
 * An accuracy that stays within {@value #CLOSE} of the most frequent class's share for the last {@value #EPOCHS} epochs: the
 * model answers the same whatever it is given. Says nothing where that class makes up over {@value #DOMINANT} of the data,
 * since a good model may be as close there.
 */
final class StuckAccuracyRule implements Rule {
    static final double CLOSE = 0.02;
    static final int EPOCHS = 3;
    static final double DOMINANT = 0.95;

    private static final Set<String> NAMES =
            Set.of("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy");

    @Override
    public List<Finding> findings(Facts facts) {
        double majority = facts.classFrequencies().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        if (majority > DOMINANT) {
            return List.of();
        }
        return facts.history().names().stream()
                .filter(NAMES::contains)
                .filter(name -> isStuck(facts.history().values(name), majority))
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
                + " epochs: the model gives one answer to everything.";
        String rate = LearningRateRule.finding(facts)
                .map(finding -> finding.kind() == Finding.Kind.LEARNING_RATE_TOO_HIGH
                        ? "First lower the learning rate: the loss does not come down. "
                        : "First raise the learning rate: the loss hardly moves. ")
                .orElse("Try a learning rate ten times lower, then ten times higher. ");
        return new Finding(
                Finding.Kind.ACCURACY_STUCK,
                evidence,
                rate
                        + "Check that labels belong to their rows and that the data is shuffled; if classes are unequal, set class weights.");
    }
}
