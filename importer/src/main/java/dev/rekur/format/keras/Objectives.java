package dev.rekur.format.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Losses and metrics of a compile configuration in the words of the Keras that is to read them: a name, an object, or a list or an
 * object of them. Functions have lost names over time; what is left without an equal is a metric that only shows something.
 */
final class Objectives {
    private static final Logger LOG = LoggerFactory.getLogger(Objectives.class);

    /** Names that Keras 3 does not take any more for losses. */
    private static final Map<String, String> LOSSES = Map.of(
            "cosine", "cosine_similarity",
            "cosine_proximity", "cosine_similarity",
            "huber_loss", "huber",
            "kullback_leibler_divergence", "kl_divergence",
            "logcosh", "log_cosh");

    /** Names that Keras 3 does not take for metrics; to an empty name nothing is equal. */
    private static final Map<String, String> METRICS = Map.of(
            "KLD", "kl_divergence",
            "kld", "kl_divergence",
            "kullback_leibler_divergence", "kl_divergence",
            "log_cosh", "LogCoshError",
            "logcosh", "LogCoshError",
            "cosine", "",
            "cosine_proximity", "",
            "huber", "",
            "huber_loss", "");

    /** Names of losses that Keras 3 takes, but not in the legacy files that it reads: it takes them for metrics there. */
    private static final Map<String, String> SHORT_LOSSES = Map.of(
            "bce", "binary_crossentropy",
            "kld", "kl_divergence",
            "mae", "mean_absolute_error",
            "mape", "mean_absolute_percentage_error",
            "mse", "mean_squared_error",
            "msle", "mean_squared_logarithmic_error");

    private Objectives() {}

    /** Losses by the names that Keras 3 knows in legacy files too. */
    static @Nullable Object withWholeNames(@Nullable Object losses) {
        if (losses instanceof String name) {
            return SHORT_LOSSES.getOrDefault(name.toLowerCase(Locale.ROOT), name);
        }
        if (losses instanceof List<?> list) {
            return JsonTree.mapped(list, Objectives::withWholeNames);
        }
        if (losses instanceof Map<?, ?> && !KerasObjects.isObject(losses)) {
            Map<String, @Nullable Object> byOutput = new LinkedHashMap<>();
            JsonTree.object(losses).orElseThrow().forEach((output, loss) -> byOutput.put(output, withWholeNames(loss)));
            return byOutput;
        }
        return losses;
    }

    /**
     * For Keras 3.
     *
     * @param module of the objects in it: {@code keras.losses} or {@code keras.metrics}
     * @param major the Keras that wrote it
     */
    static @Nullable Object forKeras3(@Nullable Object value, String module, int major) {
        if (value instanceof List<?> list) {
            return JsonTree.mapped(list, element -> forKeras3(element, module, major)).stream()
                    .filter(element -> element != null || !module.equals("keras.metrics"))
                    .toList();
        }
        if (value instanceof String name) {
            return major == 2 ? named(name, module) : name;
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> object = JsonTree.object(value).orElseThrow();
        if (!KerasObjects.isObject(value)) {
            Map<String, @Nullable Object> byOutput = new LinkedHashMap<>();
            object.forEach((name, element) -> byOutput.put(name, forKeras3(element, module, major)));
            return byOutput;
        }
        if (object.get("config") instanceof String function) {
            return major == 2 ? named(function, module) : value;
        }
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        boolean wrapper = String.valueOf(object.get("class_name")).endsWith("Wrapper");
        if (config.get("fn") instanceof String function && (wrapper || module.equals("keras.metrics"))) {
            return named(function, module);
        }
        if (major == 2) {
            config.computeIfPresent(
                    "reduction", (key, reduction) -> "auto".equals(reduction) ? "sum_over_batch_size" : reduction);
            config.remove("fn");
        }
        return object.containsKey("module") && major == 3
                ? object
                : KerasObjects.object(module, String.valueOf(object.get("class_name")), KerasObjects.asObject(config));
    }

    private static @Nullable String named(String name, String module) {
        boolean metric = module.equals("keras.metrics");
        String known = (metric ? METRICS : LOSSES).getOrDefault(name, name);
        if (known.isEmpty()) {
            LOG.warn("the metric '{}' has no equal in Keras 3; the model is written without it", name);
            return null;
        }
        return known;
    }

    /** For Keras 2, which has no modules in the files that it reads as legacy ones. */
    static @Nullable Object forKeras2(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return JsonTree.mapped(list, Objectives::forKeras2);
        }
        if (value instanceof String name) {
            return name.equals("cosine_proximity") ? "cosine_similarity" : name;
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> object = JsonTree.object(value).orElseThrow();
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        if (!KerasObjects.isObject(value)) {
            object.forEach((name, element) -> changed.put(name, forKeras2(element)));
            return changed;
        }
        if (!object.containsKey("module") || !(object.get("config") instanceof Map<?, ?>)) {
            return object.get("config") instanceof String function ? function : value;
        }
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        config.computeIfPresent("dtype", (key, dtype) -> LayerTranslation.dtype(dtype));
        if (config.containsKey("reduction")) {
            config.remove("dtype"); // a loss of Keras 2 has none
        }
        changed.put("class_name", object.get("class_name"));
        changed.put("config", config);
        return changed;
    }
}
