package dev.rekur.charts;

import dev.rekur.training.callback.MonitorMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The metric of a history that is worth a plot: the first that is an accuracy, or else the first.
 *
 * @param name without the output's name before it, such as {@code accuracy}
 * @param logged its names in the history, one for each output that has it, such as {@code a_accuracy}
 */
record MetricChoice(String name, List<String> logged) {
    private static final String VALIDATION = "val_";
    private static final String LOSS = "loss";

    /** The choice; none if nothing but losses and the learning rate was logged. */
    static Optional<MetricChoice> of(List<String> names) {
        List<String> outputs = outputs(names);
        List<String> metrics = names.stream()
                .filter(name -> !name.startsWith(VALIDATION) && !isLoss(name) && !LearningRates.isName(name))
                .toList();
        return metrics.stream()
                .filter(MetricChoice::isAccuracy)
                .findFirst()
                .or(() -> metrics.stream()
                        .filter(name -> names.contains(VALIDATION + name))
                        .findFirst())
                .or(() -> metrics.stream().findFirst())
                .map(first -> {
                    String plain = withoutOutput(first, outputs);
                    return new MetricChoice(
                            plain,
                            metrics.stream()
                                    .filter(name -> withoutOutput(name, outputs).equals(plain))
                                    .toList());
                });
    }

    /** Outputs that log losses of their own: several, in order. */
    static List<String> outputs(List<String> names) {
        return names.stream()
                .filter(name -> !name.startsWith(VALIDATION) && name.endsWith("_" + LOSS))
                .map(name -> name.substring(0, name.length() - LOSS.length() - 1))
                .toList();
    }

    /** Which way a logged value improves, an output's name before it or not. */
    static Optional<MonitorMode> direction(String logged, List<String> names) {
        String name = logged.startsWith(VALIDATION) ? logged.substring(VALIDATION.length()) : logged;
        return isLoss(name)
                ? Optional.of(MonitorMode.MIN)
                : MonitorMode.ofMetric(name).or(() -> MonitorMode.ofMetric(withoutOutput(name, outputs(names))));
    }

    /** A title: {@code Accuracy}, {@code Mean absolute error}, {@code MSE}. */
    String title() {
        if (isAccuracy(name)) {
            return "Accuracy";
        }
        if (name.length() <= 4 && name.indexOf('_') < 0) {
            return name.toUpperCase(Locale.ROOT);
        }
        String words = name.replace('_', ' ').strip();
        return words.isEmpty() ? name : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /** Whether it is a share of something, from 0 to 1. */
    boolean isShare() {
        return isAccuracy(name) || MonitorMode.ofMetric(name).equals(Optional.of(MonitorMode.MAX));
    }

    private static boolean isLoss(String name) {
        return name.equals(LOSS) || name.endsWith("_" + LOSS);
    }

    private static boolean isAccuracy(String name) {
        return name.endsWith("accuracy") || name.equals("acc") || name.endsWith("_acc");
    }

    private static String withoutOutput(String name, List<String> outputs) {
        return outputs.stream()
                .filter(output -> name.startsWith(output + "_"))
                .map(output -> name.substring(output.length() + 1))
                .min((a, b) -> Integer.compare(a.length(), b.length()))
                .orElse(name);
    }
}
