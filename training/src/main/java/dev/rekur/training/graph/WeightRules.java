package dev.rekur.training.graph;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.ActivityCost;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import dev.rekur.layer.WeightSettings;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Wrapper;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.constraint.Constraints;
import dev.rekur.training.regularizer.L1L2;
import dev.rekur.training.regularizer.Regularizer;
import dev.rekur.training.regularizer.Regularizers;
import dev.rekur.training.step.ActivityPenalty;
import dev.rekur.training.variable.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What layers' configurations say of their weights in training: whether they move, what they cost, what they must keep to.
 * Of wrapped layers, their own configurations say it.
 */
public final class WeightRules {
    private final List<Problem> problems;
    private final KerasVersion version;
    private final Map<String, Regularizer> regularizers = new HashMap<>();
    private final Map<String, Constraint> constraints = new HashMap<>();
    private final Map<String, ActivityPenalty> activities = new HashMap<>();

    public WeightRules(Graph graph, KerasVersion version, List<Problem> problems) {
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
        String place = layer + ".config.activity_regularizer";
        Optional<Regularizer> regularizer = layer.layer() instanceof ActivityCost own
                ? Optional.of(L1L2.of(own.l1(), own.l2()))
                : Regularizers.fromConfig(place, layer.named().activityRegularizer(), problems);
        regularizer.ifPresent(found -> {
            if (found instanceof L1L2 costs) {
                activities.put(
                        layer.name(),
                        new ActivityPenalty(costs.l1(), costs.l2(), version.activityCostsAreDividedByBatch()));
            } else {
                lacks(place, found.className());
            }
        });
        if (layer.layer() instanceof Wrapper wrapper) {
            readWrappedActivity(layer + ".config", wrapper, wrapper.callsWrapped());
        }
    }

    /**
     * Looks for costs of outputs inside wrapped layers.
     *
     * @param called whether the wrapped layers are called as layers: if not, such costs do not count in Keras either
     */
    private void readWrappedActivity(String place, Wrapper wrapper, boolean called) {
        wrapper.wrapped().forEach((attribute, wrapped) -> {
            String inner = place + "." + attribute;
            if (called && (wrapped.activityRegularizer() != null || wrapped.layer() instanceof ActivityCost)) {
                lacks(inner + ".activity_regularizer", "one inside a wrapper");
            }
            if (wrapped.layer() instanceof Wrapper further) {
                readWrappedActivity(inner + ".config", further, called || further.callsWrapped());
            }
        });
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
        WeightSettings settings = layer.settings(spec);
        if (settings == null) {
            return;
        }
        String path = layer.name() + "/" + spec.path();
        String place = layer + ".config";
        Regularizers.fromConfig(place + "." + settings.regularizerKey(), settings.regularizer(), problems)
                .ifPresent(regularizer -> {
                    regularizer.check(path, spec.shape());
                    regularizers.put(path, regularizer);
                });
        Object constraint = settings.constraint();
        if (constraint != null) {
            String key = settings.constraintKey();
            LayerConfig.Origin origin = new LayerConfig.Origin(LayerRegistry.NONE, version, problems);
            Constraints.read(new LayerConfig(layer.toString(), place, Map.of(key, constraint), origin), key)
                    .ifPresent(found -> constraints.put(path, found));
        }
    }

    Optional<Regularizer> regularizer(Variable variable) {
        return Optional.ofNullable(regularizers.get(variable.path()));
    }

    @Nullable
    Constraint constraint(Variable variable) {
        return constraints.get(variable.path());
    }
}
