package dev.rekur.training;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Kernels;
import dev.rekur.model.Model;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.step.ActivityPenalty;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.TrainedWeights;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model with what it is scored by: its weights, which may change, the losses and metrics of its outputs, and what weights and
 * activities cost. Activations that losses are better computed without are taken off ({@link LogitsLifting}).
 */
final class TrainedGraph {
    private final Model model;
    private final Model lifted;
    private final Compilation compilation;
    private final TrainedWeights weights;
    private final Penalties penalties;
    private final Map<String, ActivityPenalty> activities;
    private final List<@Nullable Constraint> constraints = new ArrayList<>();
    private final List<Objective> objectives = new ArrayList<>();
    private final Set<Value> losses = new HashSet<>();

    TrainedGraph(Model model, Compilation compilation, WeightRules rules) {
        this.model = model;
        this.compilation = compilation;
        this.activities = rules.activities();
        Graph graph = model.graph().flat();
        Graph liftedGraph = graph;
        for (int output = 0; output < graph.outputs().size(); output++) {
            LossTerm term = compilation.losses().get(output);
            if (term == null) {
                continue;
            }
            String layer = graph.node(graph.outputs().get(output)).layer().name();
            Activation activation = activities.containsKey(layer)
                    ? null // what the output costs by itself is that of the activation
                    : LogitsLifting.activation(graph, output, term.loss());
            if (activation != null) {
                liftedGraph = LogitsLifting.lift(liftedGraph, output);
            }
            losses.add(graph.outputs().get(output));
            objectives.add(new Objective(output, graph.outputNames().get(output), term, activation));
        }
        this.lifted = new Model(liftedGraph, model.weights(), model.compileConfiguration());
        this.weights = new TrainedWeights(graph, model.weights(), GraphLayer::trains);
        this.penalties = new Penalties(weights.trainable(), rules);
        weights.trainable().forEach(variable -> constraints.add(rules.constraint(variable)));
    }

    /** The model as it was given. */
    Model model() {
        return model;
    }

    Compilation compilation() {
        return compilation;
    }

    /** The weights, live. */
    TrainedWeights weights() {
        return weights;
    }

    Penalties penalties() {
        return penalties;
    }

    /** By trained variable, what its values are held to; null if to nothing. */
    List<@Nullable Constraint> constraints() {
        return constraints;
    }

    /** One for each output that has a loss. */
    List<Objective> objectives() {
        return objectives;
    }

    int outputCount() {
        return model.graph().outputs().size();
    }

    /** Losses and metrics, to be added up. */
    Scoreboard scoreboard() {
        return new Scoreboard(objectives, metrics(), outputCount());
    }

    /** Losses and metrics of single batches, for a listener. */
    @Nullable
    BatchScores batchScores(@Nullable BatchListener listener) {
        return listener == null ? null : new BatchScores(objectives, metrics(), listener);
    }

    private List<MeasuredMetric> metrics() {
        return Scoreboard.metrics(compilation, model.graph().outputNames());
    }

    /** What runs batches; see {@link StepRunner}. */
    StepRunner runner(boolean training, long seed, Kernels kernels, Tasks tasks, LastingStates states) {
        return new StepRunner(lifted, weights, losses, activities, training, seed, kernels, tasks, states);
    }
}
