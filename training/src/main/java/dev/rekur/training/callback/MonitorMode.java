package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which way a monitored value improves. */
public enum MonitorMode {
    /** By the metric's name: {@link #ofMetric}. */
    AUTO,
    /** Smaller is better. */
    MIN,
    /** Larger is better. */
    MAX;

    private static final Set<String> DOWN = Set.of(
            "loss",
            "bce",
            "binary_crossentropy",
            "categorical_crossentropy",
            "categorical_hinge",
            "hinge",
            "kl_divergence",
            "log_cosh_error",
            "logcosh",
            "mae",
            "mape",
            "mean_absolute_error",
            "mean_absolute_percentage_error",
            "mean_squared_error",
            "mean_squared_logarithmic_error",
            "mse",
            "msle",
            "poisson",
            "root_mean_squared_error",
            "sparse_categorical_crossentropy",
            "squared_hinge");

    private static final Set<String> UP = Set.of(
            "acc",
            "accuracy",
            "auc",
            "binary_accuracy",
            "binary_io_u",
            "categorical_accuracy",
            "concordance_correlation",
            "cosine_similarity",
            "f1_score",
            "f_beta_score",
            "fbeta_score",
            "io_u",
            "mean_io_u",
            "one_hot_io_u",
            "one_hot_mean_io_u",
            "pearson_correlation",
            "precision",
            "precision_at_recall",
            "r2_score",
            "recall",
            "recall_at_precision",
            "sensitivity_at_specificity",
            "sparse_categorical_accuracy",
            "sparse_top_k_categorical_accuracy",
            "specificity_at_sensitivity",
            "top_k_categorical_accuracy");

    /**
     * Which way a metric improves, if Keras knows: by the names it gives its metrics ({@code auc_1} included) and those it
     * takes for them ({@code AUC}, {@code mse}). Sums and counts have no direction.
     *
     * @param name without {@code val_}
     */
    public static Optional<MonitorMode> ofMetric(String name) {
        String plain = snakeCase(name).replaceFirst("_\\d+$", "");
        if (DOWN.contains(plain)) {
            return Optional.of(MIN);
        }
        return UP.contains(plain) ? Optional.of(MAX) : Optional.empty();
    }

    /** As Keras's {@code to_snake_case}. */
    private static String snakeCase(String name) {
        return name.replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    /** By Keras's word. */
    static MonitorMode of(String owner, String word) {
        return switch (word) {
            case "auto" -> AUTO;
            case "min" -> MIN;
            case "max" -> MAX;
            default ->
                throw new InvalidInputException(owner + ": expected mode auto, min or max, found '" + word + "'");
        };
    }
}
