package dev.rekur.format.keras;

import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a model is compiled, in Keras 3's words: {@code compile_config} with its objects' modules, and the optimizer's
 * variables in the order of Keras 3. Legacy files say the same with {@code optimizer_config}; Keras 2 has no variable for
 * the learning rate. What has no equal is left out with a warning, since the model predicts without it.
 */
final class Keras3Training {
    private static final Logger LOG = LoggerFactory.getLogger(Keras3Training.class);

    /** What {@code Model.compile} takes; the first are left out if null. */
    private static final List<String> SETTINGS = List.of("run_eagerly", "steps_per_execution", "jit_compile");

    private static final List<String> OBJECTIVES = List.of("loss", "loss_weights", "metrics", "weighted_metrics");

    /** What Keras 2 writes of every optimizer and Keras 3 does not know. */
    private static final Set<String> ONLY_KERAS_2 = Set.of("jit_compile", "is_legacy_optimizer", "decay");

    private Keras3Training() {}

    /** Empty if the model is not compiled, or in a way that Keras 3 has no words for. */
    static Optional<CompileConfiguration> of(Model model) {
        int major = TargetModel.configuration(model).kerasMajor();
        return model.compileConfiguration().flatMap(compile -> {
            boolean legacy = compile.config().get("optimizer") == null;
            if (major == 3 && !legacy) {
                return Optional.of(compile);
            }
            return optimizer(compile.config(), major)
                    .map(optimizer -> new CompileConfiguration(
                            compileConfig(compile.config(), optimizer, major), variables(compile, optimizer, major)));
        });
    }

    private static Map<String, Object> compileConfig(
            Map<String, Object> from, Map<String, Object> optimizer, int major) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("optimizer", optimizer);
        for (String key : OBJECTIVES) {
            String module = key.contains("metrics") ? "keras.metrics" : "keras.losses";
            config.put(key, key.equals("loss_weights") ? from.get(key) : objective(from.get(key), module, major));
        }
        for (String key : SETTINGS) {
            if (from.get(key) != null) {
                config.put(key, from.get(key));
            }
        }
        return KerasObjects.asObject(config);
    }

    private static Optional<Map<String, Object>> optimizer(Map<String, Object> from, int major) {
        Object stored = from.get("optimizer") == null ? from.get("optimizer_config") : from.get("optimizer");
        Map<String, Object> object = JsonTree.object(stored).orElse(Map.of());
        String className = JsonTree.text(object.get("class_name")).orElse("");
        String plain = className.substring(className.lastIndexOf('>') + 1);
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        boolean decays = config.get("decay") instanceof Number decay && decay.doubleValue() != 0;
        boolean custom = className.contains(">") && !className.startsWith("Custom>");
        if (plain.isEmpty() || decays || custom) {
            LOG.warn(
                    "the optimizer {} has no equal in Keras 3; the model is written without it, and has to be compiled",
                    className);
            return Optional.empty();
        }
        if (major == 2) {
            config.keySet().removeAll(ONLY_KERAS_2);
            config.computeIfPresent("name", (key, name) -> SnakeCase.of(plain));
        }
        config.replaceAll(KerasObjects::withModules);
        return Optional.of(KerasObjects.object("keras.optimizers", plain, KerasObjects.asObject(config)));
    }

    /** A loss, a metric, or a structure of them. */
    private static @Nullable Object objective(@Nullable Object value, String module, int major) {
        if (value instanceof List<?> list) {
            return JsonTree.mapped(list, element -> objective(element, module, major));
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, Object> object = JsonTree.object(value).orElseThrow();
        if (!KerasObjects.isObject(value)) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            object.forEach((name, element) -> named.put(name, objective(element, module, major)));
            return named;
        }
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        if (config.get("fn") instanceof String function) {
            return function; // Keras 2 wraps functions
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

    private static List<OptimizerVariable> variables(
            CompileConfiguration compile, Map<String, Object> optimizer, int major) {
        List<OptimizerVariable> stored = compile.optimizerVariables();
        if (major == 3 || stored.isEmpty()) {
            return stored;
        }
        Map<String, Object> config = JsonTree.object(optimizer.get("config")).orElse(Map.of());
        if (!hasEqualSlots(String.valueOf(optimizer.get("class_name")), config)
                || stored.get(0).value().shape().rank() != 0) {
            LOG.warn(
                    "the state of the optimizer {} is kept in another way by Keras 3, which will begin afresh",
                    optimizer.get("class_name"));
            return List.of();
        }
        List<OptimizerVariable> variables = new ArrayList<>(stored);
        if (config.get("learning_rate") instanceof Number rate) {
            FloatTensor value = FloatTensor.wrap(stored.get(0).value().shape(), new float[] {rate.floatValue()});
            variables.add(1, new OptimizerVariable("learning_rate", value));
        }
        return variables;
    }

    /** Whether Keras 2 and 3 keep the same variables in the same order, the learning rate apart. */
    private static boolean hasEqualSlots(String className, Map<String, Object> config) {
        return switch (className.toLowerCase(Locale.ROOT)) {
            case "adam", "adamw" -> !Boolean.TRUE.equals(config.get("amsgrad"));
            case "rmsprop" -> isZero(config.get("momentum")) && !Boolean.TRUE.equals(config.get("centered"));
            case "sgd", "adagrad" -> true;
            default -> false;
        };
    }

    private static boolean isZero(@Nullable Object value) {
        return value == null || value instanceof Number number && number.doubleValue() == 0;
    }
}
