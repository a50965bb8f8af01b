package dev.rekur.training;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.constraint.Constraints;
import dev.rekur.training.regularizer.L1L2;
import dev.rekur.training.regularizer.Regularizer;
import dev.rekur.training.regularizer.Regularizers;
import dev.rekur.training.step.ActivityPenalty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What layers' configurations say of their weights in training: whether they move, what they cost, what they must keep to.
 * Of wrapped layers, their own configurations say it.
 */
final class WeightRules {
    private final List<Problem> problems;
    private final KerasVersion version;
    private final Map<String, Regularizer> regularizers = new HashMap<>();
    private final Map<String, Constraint> constraints = new HashMap<>();
    private final Map<String, ActivityPenalty> activities = new HashMap<>();

    WeightRules(Graph graph, KerasVersion version, List<Problem> problems) {
        this.version = version;
        this.problems = problems;
        for (GraphLayer layer : graph.flat().layers()) {
            readActivity(layer);
            for (WeightSpec spec : layer.weights()) {
                if (spec.trainable()) {
                    read(layer, spec);
                }
            }
        }
    }

    private void readActivity(GraphLayer layer) {
        Map<String, Object> config = object(layer.config().get("config"));
        String place = layer + ".config.activity_regularizer";
        Optional<Regularizer> regularizer = layer.layer().className().equals("ActivityRegularization")
                ? Optional.of(L1L2.of(number(config.get("l1")), number(config.get("l2"))))
                : Regularizers.fromConfig(place, config.get("activity_regularizer"), problems);
        regularizer.ifPresent(found -> {
            if (found instanceof L1L2 costs) {
                activities.put(
                        layer.name(),
                        new ActivityPenalty(costs.l1(), costs.l2(), version.activityCostsAreDividedByBatch()));
            } else {
                lacks(place, found.className());
            }
        });
        readWrappedActivity(layer + ".config", config, layer.layer().callsWhatItWraps());
    }

    /**
     * Looks for costs of outputs inside wrapped layers.
     *
     * @param called whether the wrapped layers are called as layers: if not, such costs do not count in Keras either
     */
    private void readWrappedActivity(String place, Map<String, Object> config, boolean called) {
        for (String key : List.of("layer", "backward_layer")) {
            Map<String, Object> wrapped = object(config.get(key));
            Map<String, Object> inner = object(wrapped.get("config"));
            boolean regularizes = "ActivityRegularization".equals(wrapped.get("class_name"));
            if (called && (inner.get("activity_regularizer") != null || regularizes)) {
                lacks(place + "." + key + ".activity_regularizer", "one inside a wrapper");
            }
            if (!inner.isEmpty()) {
                boolean calls = called || !"TimeDistributed".equals(wrapped.get("class_name"));
                readWrappedActivity(place + "." + key + ".config", inner, calls);
            }
        }
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }

    private void lacks(String place, String what) {
        problems.add(new Problem(
                "activity regularizer at " + place,
                what + " is not supported",
                "Rekur has L1, L2 and L1L2 of a layer's outputs",
                "docs/TROUBLESHOOTING.md#unsupported-training-object"));
    }

    /** By name of a layer, what its outputs cost. */
    Map<String, ActivityPenalty> activities() {
        return activities;
    }

    private void read(GraphLayer layer, WeightSpec spec) {
        Map<String, Object> config = layer.configuration(spec);
        String role = spec.name().equals("recurrent_kernel") ? "recurrent" : spec.name();
        String place = layer + ".config";
        Regularizers.fromConfig(place + "." + role + "_regularizer", config.get(role + "_regularizer"), problems)
                .ifPresent(regularizer -> {
                    regularizer.check(layer.name() + "/" + spec.path(), spec.shape());
                    regularizers.put(layer.name() + "/" + spec.path(), regularizer);
                });
        LayerConfig.Origin origin = new LayerConfig.Origin(StandardLayers.registry(), version, problems);
        Constraints.read(new LayerConfig(layer.toString(), place, config, origin), role + "_constraint")
                .ifPresent(constraint -> constraints.put(layer.name() + "/" + spec.path(), constraint));
    }

    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? LayerConfig.asObject(map) : Map.of();
    }

    Optional<Regularizer> regularizer(Variable variable) {
        return Optional.ofNullable(regularizers.get(variable.path()));
    }

    @Nullable
    Constraint constraint(Variable variable) {
        return constraints.get(variable.path());
    }
}
