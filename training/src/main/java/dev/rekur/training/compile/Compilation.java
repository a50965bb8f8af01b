package dev.rekur.training.compile;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.Metrics;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.Optimizers;
import dev.rekur.training.optimizer.RmsProp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model is trained: what Keras's {@code compile} is given.
 *
 * <p>Follows {@code keras/src/trainers/compile_utils.py} of Keras 3.15.
 *
 * @param optimizer if known
 * @param losses for each output of the model its loss, or null if it has none; empty if nothing is known
 * @param metrics for each output those that every row counts for alike
 * @param weightedMetrics for each output those that heed sample weights
 */
public record Compilation(
        Optional<Optimizer> optimizer,
        List<@Nullable LossTerm> losses,
        List<List<Metric>> metrics,
        List<List<Metric>> weightedMetrics) {
    /**
     * Reads the configuration of a file.
     *
     * @param said what the caller says; what he says otherwise need not be what Rekur supports
     */
    static Compilation read(
            Optional<CompileConfiguration> configuration,
            CompileSettings said,
            List<String> outputs,
            KerasVersion version,
            List<Problem> problems) {
        if (configuration.isEmpty()) {
            return new Compilation(Optional.empty(), List.of(), none(outputs.size()), none(outputs.size()));
        }
        Map<String, Object> config = configuration.get().config();
        Object optimizer = config.get("optimizer") != null ? config.get("optimizer") : config.get("optimizer_config");
        Optional<Optimizer> read = said.optimizer != null
                ? Optional.empty()
                : optimizer == null
                        ? unnamed(config, version)
                        : Optimizers.fromConfig(optimizer, "$.compile_config.optimizer", version, problems);
        return new Compilation(
                read,
                said.loss != null
                        ? List.of()
                        : losses(config.get("loss"), config.get("loss_weights"), outputs, problems),
                metrics(said.metrics != null ? null : config.get("metrics"), "metrics", outputs, version, problems),
                metrics(
                        said.weightedMetrics != null ? null : config.get("weighted_metrics"),
                        "weighted_metrics",
                        outputs,
                        version,
                        problems));
    }

    /** What Keras takes where the file says how the model is compiled, and no optimizer. */
    private static Optional<Optimizer> unnamed(Map<String, Object> config, KerasVersion version) {
        boolean named = config.containsKey("optimizer") || config.containsKey("optimizer_config");
        return named || config.isEmpty() || !version.optimizerIsRmspropByDefault()
                ? Optional.empty()
                : Optional.of(RmsProp.with());
    }

    private static List<List<Metric>> none(int outputs) {
        List<List<Metric>> none = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            none.add(List.of());
        }
        return none;
    }

    private static List<@Nullable LossTerm> losses(
            @Nullable Object loss, @Nullable Object weights, List<String> outputs, List<Problem> problems) {
        List<@Nullable LossTerm> terms = new ArrayList<>();
        Object unwrapped = unwrapped(loss);
        if (unwrapped == null) {
            return terms;
        }
        for (int output = 0; output < outputs.size(); output++) {
            Object serialized = ofOutput(unwrapped, outputs, output);
            if (serialized == null) {
                terms.add(null);
                continue;
            }
            Double weight = weights == null ? null : weight(ofOutput(unwrapped(weights), outputs, output), problems);
            terms.add(Losses.fromConfig("$.compile_config.loss", serialized, problems)
                    .map(read -> new LossTerm(read, weight))
                    .orElse(null));
        }
        if (problems.isEmpty() && terms.stream().allMatch(Objects::isNull)) {
            problems.add(new Problem(
                    "$.compile_config.loss",
                    "names a loss for none of the outputs " + outputs + ": " + unwrapped,
                    "Choose a loss, or compile the model with one for its outputs and save it again."));
        }
        return terms;
    }

    private static @Nullable Double weight(@Nullable Object value, List<Problem> problems) {
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        problems.add(new Problem(
                "$.compile_config.loss_weights",
                "expected a number for each output, found " + value,
                "Compile the model with numbers as loss_weights and save it again.",
                "docs/TROUBLESHOOTING.md#configuration-value",
                true));
        return null;
    }

    /** What belongs to an output: of an object by its name, of a list by its place, or the same for all. */
    private static @Nullable Object ofOutput(@Nullable Object value, List<String> outputs, int output) {
        if (value instanceof List<?> list) {
            return output < list.size() ? list.get(output) : null;
        }
        if (value instanceof Map<?, ?> map && !map.containsKey("class_name")) {
            return map.get(outputs.get(output));
        }
        return value;
    }

    /** Keras writes tuples as {@code {class_name: __tuple__, items: [...]}}. */
    private static @Nullable Object unwrapped(@Nullable Object value) {
        return value instanceof Map<?, ?> map
                        && map.containsKey("class_name") // not an output of this name
                        && map.get("items") instanceof List<?> items
                ? items
                : value;
    }

    private static List<List<Metric>> metrics(
            @Nullable Object metrics, String key, List<String> outputs, KerasVersion version, List<Problem> problems) {
        List<List<Metric>> all = new ArrayList<>();
        Object unwrapped = unwrapped(metrics);
        boolean each = unwrapped instanceof List<?> listed
                && version.listedMetricsAreOfEveryOutput()
                && listed.stream().noneMatch(element -> unwrapped(element) instanceof List);
        if (unwrapped instanceof List<?> list
                && !each
                && !list.isEmpty()
                && outputs.size() > 1
                && list.size() != outputs.size()) {
            problems.add(new Problem(
                    "$.compile_config." + key,
                    "expected a list for each of the " + outputs.size() + " outputs, found " + list.size()
                            + " elements",
                    "Compile the model with metrics for each output and save it again, or choose metrics.",
                    "docs/TROUBLESHOOTING.md#configuration-value",
                    true));
        }
        for (int output = 0; output < outputs.size(); output++) {
            List<Object> serialized = new ArrayList<>();
            if (unwrapped instanceof List<?> list) {
                if (outputs.size() == 1 || each) {
                    list.forEach(element -> flatten(element, serialized));
                } else {
                    flatten(list.size() > output ? list.get(output) : null, serialized);
                }
            } else if (unwrapped instanceof Map<?, ?> map) {
                flatten(map.get(outputs.get(output)), serialized);
            }
            List<Metric> read = new ArrayList<>();
            for (Object metric : serialized) {
                Metrics.fromConfig("$.compile_config." + key, metric, problems).ifPresent(read::add);
            }
            all.add(read);
        }
        return all;
    }

    private static void flatten(@Nullable Object value, List<Object> elements) {
        Object unwrapped = unwrapped(value);
        if (unwrapped instanceof List<?> list) {
            list.forEach(element -> flatten(element, elements));
        } else if (unwrapped != null) {
            elements.add(unwrapped);
        }
    }

    /**
     * The configuration for a file: that of {@code original} with what this says otherwise. What means the same stays as it was
     * written.
     *
     * @param outputs names of the model's outputs
     * @param version the Keras in whose words the original is
     */
    public Map<String, Object> toConfig(
            Map<String, Object> original, Optimizer current, List<String> outputs, KerasVersion version) {
        Map<String, Object> config = new LinkedHashMap<>(original);
        config.remove("optimizer_config");
        config.put("optimizer", current.serialized());
        List<Problem> ignored = new ArrayList<>(); // of what was not read, since the caller says otherwise
        Map<String, @Nullable Object> before = serialized(
                losses(original.get("loss"), original.get("loss_weights"), outputs, ignored),
                metrics(original.get("metrics"), "metrics", outputs, version, ignored),
                metrics(original.get("weighted_metrics"), "weighted_metrics", outputs, version, ignored));
        serialized(losses, metrics, weightedMetrics).forEach((key, value) -> {
            if (!original.containsKey(key) || !Objects.equals(value, before.get(key))) {
                putNullable(config, key, value);
            }
        });
        config.putIfAbsent("run_eagerly", false);
        config.putIfAbsent("steps_per_execution", 1);
        config.putIfAbsent("jit_compile", false);
        return config;
    }

    /** Losses, their weights and metrics as Keras writes them. */
    private static Map<String, @Nullable Object> serialized(
            List<@Nullable LossTerm> terms, List<List<Metric>> metrics, List<List<Metric>> weightedMetrics) {
        boolean single = terms.size() == 1;
        List<@Nullable Object> losses = new ArrayList<>();
        List<@Nullable Object> weights = new ArrayList<>();
        for (LossTerm term : terms) {
            losses.add(term == null ? null : term.loss().serialized());
            weights.add(term == null ? null : term.weight());
        }
        boolean weighted = weights.stream().anyMatch(Objects::nonNull);
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("loss", single ? losses.get(0) : losses);
        config.put("loss_weights", weighted ? weights : null);
        config.put("metrics", serialized(metrics, single));
        config.put("weighted_metrics", serialized(weightedMetrics, single));
        return config;
    }

    @SuppressWarnings("NullAway") // JSON objects hold null
    private static void putNullable(Map<String, Object> config, String key, @Nullable Object value) {
        config.put(key, value);
    }

    private static @Nullable Object serialized(List<List<Metric>> metrics, boolean single) {
        List<List<Object>> all = metrics.stream()
                .map(list -> list.stream().map(Metric::serialized).toList())
                .toList();
        boolean any = all.stream().anyMatch(list -> !list.isEmpty());
        return !any ? null : single ? all.get(0) : all;
    }

    Compilation withOptimizer(Optimizer other) {
        return new Compilation(Optional.of(other), losses, metrics, weightedMetrics);
    }

    Compilation withLosses(List<@Nullable LossTerm> others) {
        return new Compilation(optimizer, others, metrics, weightedMetrics);
    }

    Compilation withMetrics(List<List<Metric>> others) {
        return new Compilation(optimizer, losses, others, weightedMetrics);
    }

    Compilation withWeightedMetrics(List<List<Metric>> others) {
        return new Compilation(optimizer, losses, metrics, others);
    }

    /** The same loss for every output. */
    static List<@Nullable LossTerm> forAll(Loss loss, int outputs) {
        List<@Nullable LossTerm> terms = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            terms.add(new LossTerm(loss, null));
        }
        return terms;
    }
}
