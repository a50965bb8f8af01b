package dev.rekur.training.graph;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.PortNames;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.Model;
import dev.rekur.tensor.Shape;
import dev.rekur.training.callback.BatchListener;
import dev.rekur.training.compile.Compilation;
import dev.rekur.training.compile.CompileSettings;
import dev.rekur.training.compile.LossTerm;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.diagnosis.FromLogits;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.scoring.BatchScores;
import dev.rekur.training.scoring.LogitsLifting;
import dev.rekur.training.scoring.LogitsLifting.Ending;
import dev.rekur.training.scoring.LogitsLifting.Logits;
import dev.rekur.training.scoring.MeasuredMetric;
import dev.rekur.training.scoring.Objective;
import dev.rekur.training.scoring.Scoreboard;
import dev.rekur.training.step.ActivityPenalty;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.TrainedWeights;
import dev.rekur.training.variable.Tasks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model with what it is scored by: its weights, which may change, the losses and metrics of its outputs, and what weights and
 * activities cost. Logits that Keras takes losses and metrics of are further outputs ({@link LogitsLifting}).
 */
public final class TrainedGraph {
    private final Model model;
    private final Model lifted;
    private final Compilation compilation;
    private final TrainedWeights weights;
    private final Penalties penalties;
    private final Map<String, ActivityPenalty> activities;
    private final List<@Nullable Constraint> constraints = new ArrayList<>();
    private final List<Objective> objectives = new ArrayList<>();
    private final Set<Value> losses = new HashSet<>();

    public TrainedGraph(Model model, Compilation compilation, WeightRules rules) {
        this.model = model;
        this.compilation = compilation;
        Graph flat = model.graph().flat();
        LogitsLifting lifting = new LogitsLifting(flat, takenOfLogits(compilation));
        Graph graph = lifting.graph();
        KerasVersion version = CompileSettings.version(model);
        this.activities = lifting.atOutputs(rules.activities());
        for (int output = 0; output < flat.outputs().size(); output++) {
            LossTerm term = compilation.losses().get(output);
            if (term != null) {
                Logits logits = lifting.logits(output);
                objectives.add(new Objective(output, graph.outputNames().get(output), term, logits, version));
                losses.addAll(beginnings(graph, output, term.loss(), logits));
            }
        }
        this.lifted = new Model(graph, model.weights(), model.compileConfiguration());
        this.weights = new TrainedWeights(flat, model.weights(), GraphLayer::trains);
        this.penalties = new Penalties(weights.trainable(), rules);
        weights.trainable().forEach(variable -> constraints.add(rules.constraint(variable)));
    }

    /** The outputs that have a loss or a metric which Keras takes of logits if there are any. */
    private static Set<Integer> takenOfLogits(Compilation compilation) {
        Set<Integer> outputs = new TreeSet<>();
        for (int output = 0; output < compilation.losses().size(); output++) {
            LossTerm term = compilation.losses().get(output);
            boolean loss =
                    term != null && term.loss().ofLogits(Activation.SOFTMAX).isPresent();
            boolean metric = Stream.concat(
                            compilation.metrics().get(output).stream(),
                            compilation.weightedMetrics().get(output).stream())
                    .anyMatch(each -> each.ofLogits(Activation.SOFTMAX).isPresent());
            if (term != null && (loss || metric)) {
                outputs.add(output);
            }
        }
        return outputs;
    }

    /** The values that the loss of an output may have a gradient for: which it is depends on the targets if Keras may squeeze. */
    private static List<Value> beginnings(Graph graph, int output, Loss loss, @Nullable Logits logits) {
        Value prediction = graph.outputs().get(output);
        if (logits == null
                || !logits.inTraining()
                || loss.ofLogits(logits.activation()).isEmpty()) {
            return List.of(prediction);
        }
        Value taken = graph.outputs().get(logits.output());
        Shape shape = graph.shape(prediction);
        return shape.rank() > 2 && shape.last() == 1 ? List.of(prediction, taken) : List.of(taken);
    }

    /** Losses and metrics that were told that outputs are logits, of outputs that are none; known when a batch has run. */
    public List<FromLogits> fromLogits() {
        List<FromLogits> claims = new ArrayList<>();
        for (Objective objective : objectives) {
            int output = objective.output();
            Ending ending = LogitsLifting.ending(model.graph().flat(), output).orElse(null);
            LossTerm term = compilation.losses().get(output);
            if (ending == null || term == null) {
                continue;
            }
            if (term.loss().isFromLogits()) {
                String reader = "loss '" + term.loss().name() + "'";
                claims.add(claim(objective, reader, ending, objective.isOfLogits()));
            }
            Stream.concat(
                            compilation.metrics().get(output).stream(),
                            compilation.weightedMetrics().get(output).stream())
                    .filter(Metric::isFromLogits)
                    .forEach(metric -> {
                        boolean ofLogits = objective.takesLogits()
                                && metric.ofLogits(ending.activation()).isPresent();
                        claims.add(claim(objective, "metric '" + metric.kerasName() + "'", ending, ofLogits));
                    });
        }
        return claims;
    }

    private static FromLogits claim(Objective objective, String reader, Ending ending, boolean ofLogits) {
        return new FromLogits(
                objective.name(), reader, ending.layer(), ending.activation().kerasName(), ofLogits);
    }

    /** The model as it was given. */
    public Model model() {
        return model;
    }

    public Compilation compilation() {
        return compilation;
    }

    /** The weights, live. */
    public TrainedWeights weights() {
        return weights;
    }

    public Penalties penalties() {
        return penalties;
    }

    /** By trained variable, what its values are held to; null if to nothing. */
    public List<@Nullable Constraint> constraints() {
        return constraints;
    }

    /** One for each output that has a loss. */
    public List<Objective> objectives() {
        return objectives;
    }

    /** Number of the model's outputs. */
    int outputCount() {
        return model.graph().outputs().size();
    }

    /** Number of the outputs that a {@link #runner} has. */
    public int runnerOutputCount() {
        return lifted.graph().outputs().size();
    }

    /** Losses and metrics, to be added up. */
    public Scoreboard scoreboard() {
        return new Scoreboard(objectives, metrics(), outputCount(), CompileSettings.version(model));
    }

    /** Losses and metrics of single batches, for a listener. */
    public @Nullable BatchScores batchScores(@Nullable BatchListener listener) {
        return listener == null ? null : new BatchScores(objectives, metrics(), listener);
    }

    /** Keras calls metrics of outputs that lie deeper in a structure by the layers, though it calls their losses by the path. */
    private List<MeasuredMetric> metrics() {
        PortNames outputs = model.graph().outputPorts();
        boolean deep = outputs.names().stream().anyMatch(name -> name.contains("/"));
        return Scoreboard.metrics(
                compilation, deep ? outputs.layers() : outputs.names(), CompileSettings.version(model));
    }

    /** What runs batches; see {@link StepRunner}. */
    public StepRunner runner(boolean training, long seed, Kernels kernels, Tasks tasks, LastingStates states) {
        return new StepRunner(lifted, weights, losses, activities, training, seed, kernels, tasks, states);
    }
}
