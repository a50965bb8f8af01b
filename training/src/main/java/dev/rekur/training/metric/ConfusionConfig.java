package dev.rekur.training.metric;

import dev.rekur.layer.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the configurations of metrics of the confusion matrix; their defaults are Keras 3.15.1's. */
final class ConfusionConfig {
    private static final int DEFAULT_THRESHOLDS = 200;

    private ConfusionConfig() {}

    static MetricFunction confusion(ConfusionMetric.Kind kind, LayerConfig config) {
        List<Double> thresholds = numbers(config, "thresholds", 1);
        boolean isList = config.raw("thresholds") instanceof List<?>;
        return kind.isRate()
                ? new ConfusionMetric(
                        kind, thresholds, isList, integer(config, "top_k", 1), integer(config, "class_id", 0))
                : new ConfusionMetric(kind, thresholds, isList, null, null);
    }

    static MetricFunction constrained(ConstrainedRate.Kind kind, LayerConfig config) {
        double value = config.number(kind.constraint(), -1);
        if (value < 0 || value > 1) {
            config.problem(
                    "'" + kind.constraint() + "': expected 0 to 1, found " + value, "Check the model's compile().");
        }
        return new ConstrainedRate(
                kind, value, config.integer("num_thresholds", 1, DEFAULT_THRESHOLDS), integer(config, "class_id", 0));
    }

    static MetricFunction areaUnderCurve(LayerConfig config) {
        List<Double> given = numbers(config, "thresholds", 1);
        int count = config.integer("num_thresholds", 2, DEFAULT_THRESHOLDS);
        Thresholds thresholds = given == null ? Thresholds.dividing(count, true) : Thresholds.around(given);
        config.acknowledge("num_labels"); // says early what the predictions say
        return new AreaUnderCurve(
                thresholds,
                given,
                AreaUnderCurve.Curve.valueOf(upper(config, "curve", List.of("ROC", "PR"))),
                AreaUnderCurve.Summation.valueOf(
                        upper(config, "summation_method", List.of("INTERPOLATION", "MAJORING", "MINORING"))),
                config.flag("multi_label", false),
                numbers(config, "label_weights", Double.MAX_VALUE),
                config.flag("from_logits", false));
    }

    static MetricFunction score(boolean isF1, LayerConfig config) {
        String average = config.oneOf("average", "none", List.of("none", "micro", "macro", "weighted"));
        double beta = isF1 ? 1 : config.number("beta", 1);
        if (beta <= 0) {
            config.problem("'beta': expected more than 0, found " + beta, "Check the model's compile().");
        }
        Double threshold = config.has("threshold") ? config.number("threshold", 1) : null;
        return new FBetaScore(isF1, FBetaScore.Average.valueOf(average.toUpperCase(Locale.ROOT)), beta, threshold);
    }

    private static @Nullable Integer integer(LayerConfig config, String key, int minimum) {
        return config.has(key) ? config.integer(key, minimum) : null;
    }

    private static String upper(LayerConfig config, String key, List<String> supported) {
        String value = config.text(key, supported.get(0)).toUpperCase(Locale.ROOT);
        if (supported.contains(value)) {
            return value;
        }
        config.problem(
                "'" + key + "': expected one of " + supported + ", found '" + value + "'", "Choose one of these.");
        return supported.get(0);
    }

    /** A number or a list of numbers from 0 to {@code most}, or null. */
    private static @Nullable List<Double> numbers(LayerConfig config, String key, double most) {
        Object value = config.raw(key);
        if (value == null) {
            return null;
        }
        List<Double> numbers = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
            if (!(element instanceof Number number) || !(number.doubleValue() >= 0 && number.doubleValue() <= most)) {
                config.problem(
                        "'" + key + "': expected numbers from 0 to " + most + ", found " + value, "Check the model.");
                return null;
            }
            numbers.add(number.doubleValue());
        }
        if (numbers.isEmpty()) {
            config.problem("'" + key + "' is empty", "Leave it out, or give numbers.");
            return null;
        }
        return List.copyOf(numbers);
    }
}
