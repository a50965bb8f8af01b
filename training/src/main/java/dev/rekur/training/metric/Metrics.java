package dev.rekur.training.metric;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.layer.LayerConfig;
import dev.rekur.training.config.SerializedObject;
import dev.rekur.training.loss.LossFunction;
import dev.rekur.training.loss.Losses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The metrics that files and callers may name: Keras 3's classes, their names in snake case and its aliases ({@code
 * keras/src/metrics/__init__.py}, Keras 3.15.1), and any loss.
 */
public final class Metrics {
    /** Losses that are metrics too, under the same class name. */
    private static final List<String> LOSS_CLASSES = List.of(
            "BinaryCrossentropy",
            "CategoricalCrossentropy",
            "CategoricalHinge",
            "Hinge",
            "KLDivergence",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "MeanSquaredError",
            "MeanSquaredLogarithmicError",
            "Poisson",
            "SparseCategoricalCrossentropy",
            "SquaredHinge");

    private static final Map<String, String> ALIASES = Map.of(
            "bce", "BinaryCrossentropy",
            "BCE", "BinaryCrossentropy",
            "mse", "MeanSquaredError",
            "MSE", "MeanSquaredError",
            "mae", "MeanAbsoluteError",
            "MAE", "MeanAbsoluteError",
            "mape", "MeanAbsolutePercentageError",
            "MAPE", "MeanAbsolutePercentageError",
            "msle", "MeanSquaredLogarithmicError",
            "MSLE", "MeanSquaredLogarithmicError");

    private static final TreeMap<String, Function<LayerConfig, MetricFunction>> CLASSES = classes();

    private Metrics() {}

    /**
     * The metric of this name, with Keras's defaults.
     *
     * @throws UnsupportedModelException if there is none; says which there are
     */
    public static Metric named(String name) {
        return require(name);
    }

    /**
     * A metric with a configuration.
     *
     * @param className the class in Keras: {@code "AUC"}
     * @param config its configuration, as in Keras: {@code Map.of("curve", "PR")}
     * @throws UnsupportedModelException if there is no such metric, or none with such a configuration
     */
    public static Metric named(String className, Map<String, ?> config) {
        return require(Map.of("class_name", className, "config", config));
    }

    /**
     * Reads a metric from a compile configuration.
     *
     * @param place JSON path of the metric
     * @param serialized a name, an object, or a function, as Keras 3 or Keras 2 writes it
     * @param problems receives what is wrong; then the result may be empty or a stand-in
     */
    public static Optional<Metric> fromConfig(String place, @Nullable Object serialized, List<Problem> problems) {
        return SerializedObject.read("metric", place, serialized, problems).flatMap(object -> read(object, problems));
    }

    /** Every class and alias there is, sorted. */
    public static List<String> names() {
        List<String> names = new ArrayList<>(CLASSES.keySet());
        names.addAll(ALIASES.keySet());
        names.addAll(List.of("accuracy", "acc", "crossentropy", "ce"));
        names.sort(null);
        return List.copyOf(names);
    }

    /** Those of {@link #names} that need no configuration: all but rates under a constraint. */
    public static List<String> namesWithDefaults() {
        List<String> constrained = Arrays.stream(ConstrainedRate.Kind.values())
                .map(ConstrainedRate.Kind::className)
                .toList();
        return names().stream().filter(name -> !constrained.contains(name)).toList();
    }

    /** Whether Keras has a metric class of this name. */
    static boolean hasClass(String className) {
        return LOSS_CLASSES.contains(className) || className.equals("LogCoshError");
    }

    private static Optional<Metric> read(SerializedObject object, List<Problem> problems) {
        LayerConfig config = object.config();
        Optional<MetricFunction> function = object.name().equals("MeanMetricWrapper")
                ? SerializedObject.read("metric function", config.place() + ".fn", config.raw("fn"), problems)
                        .map(SerializedObject::name)
                        .flatMap(name -> function(name, SerializedObject.Form.FUNCTION, config))
                : function(object.name(), object.form(), config);
        if (function.isEmpty()) {
            object.reportUnsupported(names());
            return Optional.empty();
        }
        object.readCommonKeys();
        config.acknowledge("fn"); // Keras 2 repeats the function's name there
        boolean isText = object.form() != SerializedObject.Form.OBJECT;
        String name =
                config.text("name", isText ? object.name() : function.get().defaultName());
        config.reportUnread();
        return Optional.of(new Metric(function.get(), name, isText ? object.name() : null));
    }

    private static Optional<MetricFunction> function(String name, SerializedObject.Form form, LayerConfig config) {
        boolean isText = form == SerializedObject.Form.TEXT;
        switch (isText ? name.toLowerCase(Locale.ROOT) : "") {
            case "accuracy", "acc" -> {
                return Optional.of(Undecided.ACCURACY);
            }
            case "crossentropy", "ce" -> {
                return Optional.of(Undecided.CROSSENTROPY);
            }
            default -> {}
        }
        String className = ALIASES.getOrDefault(name, name);
        for (Map.Entry<String, Function<LayerConfig, MetricFunction>> entry : CLASSES.entrySet()) {
            if (entry.getKey().equals(className) || snakeCase(entry.getKey()).equals(className)) {
                return Optional.of(entry.getValue().apply(config));
            }
        }
        return form == SerializedObject.Form.OBJECT ? Optional.empty() : loss(className, config);
    }

    private static Optional<MetricFunction> loss(String name, LayerConfig config) {
        return Losses.function(name, config).map(MeanMetric::of);
    }

    private static TreeMap<String, Function<LayerConfig, MetricFunction>> classes() {
        TreeMap<String, Function<LayerConfig, MetricFunction>> classes = new TreeMap<>();
        for (String className : LOSS_CLASSES) {
            classes.put(className, config -> loss(className, config).orElseThrow());
        }
        classes.put("LogCoshError", config -> loss("log_cosh", config).orElseThrow());
        classes.put("CosineSimilarity", Metrics::cosineSimilarity);
        classes.put("RootMeanSquaredError", config -> MeanMetric.rootOf(lossFunction("MeanSquaredError")));
        classes.put("Accuracy", config -> Accuracy.equal());
        classes.put(
                "BinaryAccuracy", config -> Accuracy.binary(config.number("threshold", Accuracy.DEFAULT_THRESHOLD)));
        classes.put("CategoricalAccuracy", config -> Accuracy.categorical());
        classes.put("SparseCategoricalAccuracy", config -> Accuracy.sparse());
        classes.put("TopKCategoricalAccuracy", config -> Accuracy.topK(config.integer("k", 1, 5)));
        classes.put("SparseTopKCategoricalAccuracy", Metrics::sparseTopK);
        classes.put("AUC", ConfusionConfig::areaUnderCurve);
        for (ConfusionMetric.Kind kind : ConfusionMetric.Kind.values()) {
            classes.put(kind.className(), config -> ConfusionConfig.confusion(kind, config));
        }
        for (ConstrainedRate.Kind kind : ConstrainedRate.Kind.values()) {
            classes.put(kind.className(), config -> ConfusionConfig.constrained(kind, config));
        }
        classes.put("R2Score", Metrics::rSquared);
        classes.put("F1Score", config -> ConfusionConfig.score(true, config));
        classes.put("FBetaScore", config -> ConfusionConfig.score(false, config));
        return classes;
    }

    private static LossFunction lossFunction(String name) {
        return Losses.named(name).function();
    }

    private static MetricFunction cosineSimilarity(LayerConfig config) {
        LossFunction loss = lossFunction("CosineSimilarity");
        Object axis = config.raw("axis");
        if (axis != null && !(axis instanceof Number number && number.doubleValue() == -1)) {
            config.problem("axis " + axis + " is not supported", "Rekur has metrics along the last axis, -1.");
        }
        return MeanMetric.of(
                "CosineSimilarity",
                "cosine_similarity",
                false,
                Map.of(),
                (vectors, target, targetFeatures, prediction, features, values) -> {
                    loss.evaluate(vectors, target, targetFeatures, prediction, features, values, null);
                    for (int v = 0; v < vectors; v++) {
                        values[v] = -values[v]; // the loss is the negative
                    }
                });
    }

    private static MetricFunction rSquared(LayerConfig config) {
        String aggregation = config.values().containsKey("class_aggregation") && !config.has("class_aggregation")
                ? "none"
                : config.oneOf(
                        "class_aggregation",
                        "uniform_average",
                        List.of("uniform_average", "variance_weighted_average", "none"));
        config.acknowledge("class_aggregation");
        return new RSquared(
                RSquared.Aggregation.valueOf(aggregation.toUpperCase(Locale.ROOT)),
                config.integer("num_regressors", 0, 0));
    }

    private static MetricFunction sparseTopK(LayerConfig config) {
        if (config.flag("from_sorted_ids", false)) {
            config.problem(
                    "predictions that are sorted ids are not supported",
                    "Predict scores, and leave from_sorted_ids out.");
        }
        return Accuracy.sparseTopK(config.integer("k", 1, 5));
    }

    /** Keras's {@code to_snake_case}. */
    private static String snakeCase(String className) {
        return className
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    private static Metric require(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Optional<Metric> metric = fromConfig("", serialized, problems);
        if (!problems.isEmpty()) {
            throw new UnsupportedModelException("", problems);
        }
        return metric.orElseThrow();
    }
}
