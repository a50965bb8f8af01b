package dev.rekur.training.diagnosis;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String VALIDATION = "val_";

    private static final Set<String> NAMES =
            Set.of("accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy");

    /** The best accuracy of the last epoch, of several outputs that of the worst; 0 if there is none. */
    static double best(Facts facts) {
        Map<String, Double> byOutput = new HashMap<>();
        for (String name : accuracies(facts)) {
            List<Double> values = facts.history().values(name);
            byOutput.merge(output(name).orElseThrow(), values.get(values.size() - 1), Math::max);
        }
        return byOutput.values().stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }

    /** The accuracies of the training data; those of several outputs are called {@code output_accuracy}. */
    private static List<String> accuracies(Facts facts) {
        List<String> names = facts.history().names();
        return names.stream()
                .filter(name -> output(name).isPresent())
                .filter(name -> !name.startsWith(VALIDATION) || !names.contains(name.substring(VALIDATION.length())))
                .toList();
    }

    /** The output, with an underscore at its end, whose accuracy a metric of this name is; an empty name if the model has one output. */
    private static Optional<String> output(String metric) {
        return NAMES.stream()
                .filter(name -> metric.equals(name) || metric.endsWith("_" + name))
                .max(Comparator.comparingInt(String::length))
                .map(name -> metric.substring(0, metric.length() - name.length()))
                .filter(output -> !output.endsWith("top_k_"));
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
        return accuracies(facts).stream()
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
