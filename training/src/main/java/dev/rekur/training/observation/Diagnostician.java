package dev.rekur.training.observation;

import dev.rekur.training.callback.History;
import dev.rekur.training.data.Batch;
import dev.rekur.training.diagnosis.Diagnosis;
import dev.rekur.training.diagnosis.Facts;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.diagnosis.NonFinite;
import dev.rekur.training.diagnosis.Pace.Part;
import dev.rekur.training.diagnosis.ReluActivity;
import dev.rekur.training.diagnosis.StateGradients;
import dev.rekur.training.graph.TrainedGraph;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.scoring.LabelCounts;
import dev.rekur.training.scoring.Objective;
import dev.rekur.training.step.StateNorms;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.UnitActivity;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the {@link Facts} of a training. What is dear is looked at in every {@value #SAMPLED}th step of an epoch, the first
 * included: norms of gradients, by layer and by time step. Every step it looks at the loss, at gradients of biases, and at
 * units with relu that have not been active yet.
 *
 * <p>A training that was resumed is known from where it went on; its history from the beginning.
 */
public final class Diagnostician implements Observer {
    static final int SAMPLED = 16;

    private static final List<String> CLIPPING = List.of("clipnorm", "global_clipnorm", "clipvalue");

    private final TrainedGraph graph;
    private final StepRunner runner;
    private final boolean restoresBest;
    private final List<Objective> objectives;
    private final boolean clipped;
    private final History history;
    private final Consumer<Finding> listener;
    private final NonFiniteSearch search;
    private final PaceMeter pace = new PaceMeter();
    private final LayerMagnitudes magnitudes;
    private final UnitActivity units = new UnitActivity();
    private final StateNorms states = new StateNorms();
    private final LabelCounts labels = new LabelCounts();
    private final List<Double> learningRates = new ArrayList<>();
    private final Set<Finding.Kind> told = EnumSet.noneOf(Finding.Kind.class);
    private List<StateGradients> lastStates = List.of();
    private List<ReluActivity> lastRelus = List.of();
    private @Nullable NonFinite nonFinite;
    private boolean countsLabels = true;
    private int batch;
    private long steps;
    private double firstLoss = Double.NaN;

    /**
     * @param restoresBest whether the training ends with the weights of its best epoch
     * @param listener is told a finding of each kind, when it is first seen
     */
    public Diagnostician(
            TrainedGraph graph,
            StepRunner runner,
            Optimizer optimizer,
            History history,
            boolean restoresBest,
            Consumer<Finding> listener) {
        this.graph = graph;
        this.runner = runner;
        this.restoresBest = restoresBest;
        this.objectives = graph.objectives();
        this.clipped = CLIPPING.stream()
                .anyMatch(key -> optimizer.config().get(key) instanceof Number limit && limit.doubleValue() > 0);
        this.history = history;
        this.listener = listener;
        this.search = new NonFiniteSearch(graph.model().graph(), runner, graph.weights(), objectives);
        this.magnitudes = new LayerMagnitudes(graph.weights().trainable());
    }

    @Override
    public void spent(Part part) {
        pace.spent(part);
    }

    private boolean isSampled() {
        return batch % SAMPLED == 0;
    }

    @Override
    public void epochBegins(int epoch) {
        units.reset();
        states.reset();
        magnitudes.begin(epoch);
    }

    @Override
    public void stepBegins(int epoch, int number) {
        batch = number;
        search.begin(epoch, batch);
        runner.traceStates(isSampled());
    }

    @Override
    public void loss(Batch data, long step, double loss) {
        if (steps == 0) {
            firstLoss = loss;
        }
        steps++;
        if (nonFinite == null && !Double.isFinite(loss)) {
            nonFinite = search.ofLoss(data, step);
        }
        runner.observe(units);
        if (countsLabels && objectives.size() == 1) {
            objectives.get(0).count(labels);
        }
    }

    @Override
    public void gradients(float[][] gradients) {
        boolean finite = true;
        if (isSampled()) {
            finite = magnitudes.add(gradients);
            runner.observe(states);
        }
        if (nonFinite == null) {
            nonFinite = search.ofGradients(gradients, !finite);
        }
    }

    @Override
    public void epochTrained(int epoch, double learningRate) {
        boolean finite = magnitudes.end();
        if (nonFinite == null && !finite) {
            nonFinite = search.ofWeights();
        }
        countsLabels = false; // one epoch shows all
        while (learningRates.size() < epoch) {
            learningRates.add(Double.NaN);
        }
        learningRates.add(learningRate);
        lastStates = states.means().stream()
                .map(mean -> new StateGradients(mean.layer(), mean.norms(), mean.outputs()))
                .toList();
        lastRelus = units.counts().stream()
                .filter(count -> count.units() > 0)
                .map(count -> new ReluActivity(
                        count.layer(), count.units(), (double) count.dead() / count.units(), count.inputs()))
                .toList();
    }

    @Override
    public void epochEnds() {
        List<Finding> findings = findings();
        findings.stream().filter(finding -> !told.contains(finding.kind())).forEach(listener);
        findings.forEach(finding -> told.add(finding.kind()));
    }

    @Override
    public List<Finding> findings() {
        return Diagnosis.of(facts());
    }

    private Facts facts() {
        Facts.Builder facts = Facts.of(history)
                .learningRates(ratesOfHistory())
                .clipped(clipped)
                .fromLogits(graph.fromLogits())
                .steps(steps)
                .restoresBest(restoresBest)
                .layers(magnitudes.norms())
                .states(lastStates)
                .relus(lastRelus)
                .classFrequencies(labels.frequencies());
        if (Double.isFinite(firstLoss)) {
            facts.firstLoss(firstLoss);
        }
        Stream.ofNullable(nonFinite).forEach(facts::nonFinite);
        pace.pace().ifPresent(facts::pace);
        return facts.build();
    }

    /** By epoch of the history; NaN where nobody saw it. */
    private List<Double> ratesOfHistory() {
        return history.epochs().stream()
                .map(epoch -> epoch < learningRates.size() ? learningRates.get(epoch) : Double.valueOf(Double.NaN))
                .toList();
    }
}
