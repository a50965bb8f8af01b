package dev.rekur.training;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.Weights;
import dev.rekur.training.callback.BackupAndRestore;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.CallbackList;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.diagnosis.Pace.Part;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.OptimizerState;
import dev.rekur.training.step.ActivityPenalty;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.TrainedWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One training: Keras's {@code fit}, from the first epoch to the last. Belongs to the thread that runs it. */
final class TrainingLoop implements TrainingRun {
    private final Model model;
    private final Model trained;
    private final Compilation compilation;
    private final TrainedWeights weights;
    private final Penalties penalties;
    private final Map<String, ActivityPenalty> activities;
    private final OptimizerState optimizer;
    private final Kernels kernels;
    private final Team tasks;
    private final long seed;
    private final LastingStates states = new LastingStates();
    private final StepRunner runner;
    private final Scoreboard scores;
    private final Scoreboard validationScores;
    private final @Nullable BatchScores batchScores;
    private final Logs batchLogs = new Logs();
    private final float[] @Nullable [] gradients;
    private final Set<Value> lossValues = new HashSet<>();
    private final History history = new History();
    private final CallbackList callbacks;
    private final Observer observer;
    private final List<@Nullable Activation> lifted = new ArrayList<>();
    private FitPlan plan = FitPlan.of();
    private int stepsPerEpoch;
    private int nextEpoch;

    /** Batches of the next epoch that are done: not 0 in its midst. */
    private int batchesDone;

    private long step;
    private boolean stopping;

    TrainingLoop(Trainer trainer, Model model, Compilation compilation, WeightRules rules) {
        this.model = model;
        this.compilation = compilation;
        this.kernels = trainer.kernels();
        this.tasks = trainer.team();
        this.seed = trainer.seed();
        Graph graph = model.graph().flat();
        List<Objective> objectives = new ArrayList<>();
        Graph liftedGraph = graph;
        for (int output = 0; output < graph.outputs().size(); output++) {
            LossTerm term = compilation.losses().get(output);
            String layer = graph.node(graph.outputs().get(output)).layer().name();
            Activation activation = term == null || rules.activities().containsKey(layer)
                    ? null // what the output costs by itself is that of the activation
                    : LogitsLifting.activation(graph, output, term.loss());
            lifted.add(activation);
            if (activation != null) {
                liftedGraph = LogitsLifting.lift(liftedGraph, output);
            }
            if (term != null) {
                lossValues.add(graph.outputs().get(output));
                objectives.add(new Objective(output, graph.outputNames().get(output), term, activation));
            }
        }
        this.trained = new Model(liftedGraph, model.weights(), model.compileConfiguration());
        this.weights = new TrainedWeights(graph, model.weights(), GraphLayer::trains);
        this.penalties = new Penalties(weights.trainable(), rules);
        List<@Nullable Constraint> constraints = new ArrayList<>();
        weights.trainable().forEach(variable -> constraints.add(rules.constraint(variable)));
        this.optimizer = compilation.optimizer().orElseThrow().start(weights.trainable(), constraints);
        if (trainer.continuesOptimizer()) {
            model.compileConfiguration()
                    .filter(file -> !file.optimizerVariables().isEmpty())
                    .ifPresent(file -> FileState.restore(optimizer, file, trainer.setsLearningRate()));
        }
        this.activities = rules.activities();
        this.runner = runner(true);
        penalties.variables().forEach(runner::clearWholly);
        if (optimizer.overwritesGradients()) {
            for (int variable = 0; variable < weights.trainable().size(); variable++) {
                runner.clearWholly(variable);
            }
        }
        this.scores = new Scoreboard(objectives, Scoreboard.metrics(compilation, graph.outputNames()), lifted.size());
        this.validationScores =
                new Scoreboard(objectives, Scoreboard.metrics(compilation, graph.outputNames()), lifted.size());
        BatchListener listener = trainer.batchListener();
        this.batchScores = listener == null
                ? null
                : new BatchScores(objectives, Scoreboard.metrics(compilation, graph.outputNames()), listener);
        this.gradients = new float[lifted.size()][];
        // history sees what callbacks add to logs, and backups keep everything that was before them
        List<Callback> all = new ArrayList<>(trainer.callbacks());
        List<Callback> backups =
                all.stream().filter(BackupAndRestore.class::isInstance).toList();
        all.removeAll(backups);
        all.add(history);
        all.addAll(backups);
        this.callbacks = CallbackList.of(all);
        Consumer<Finding> findings = trainer.findings();
        this.observer = findings == null
                ? Observer.NONE
                : new Diagnostician(model, runner, weights, objectives, optimizer.optimizer(), history, findings);
    }

    private StepRunner runner(boolean training) {
        return new StepRunner(trained, weights, lossValues, activities, training, seed, kernels, tasks, states);
    }

    /** Trains. */
    Training fit(Dataset data, @Nullable Dataset validation, FitPlan fitPlan) {
        try (tasks) {
            return train(data, validation, fitPlan);
        }
    }

    private Training train(Dataset data, @Nullable Dataset validation, FitPlan fitPlan) {
        plan = fitPlan;
        nextEpoch = fitPlan.initialEpoch();
        stepsPerEpoch = data.batchCount(plan.batchSize());
        callbacks.check(logNames(validation != null));
        callbacks.trainBegin(this);
        Logs logs = new Logs();
        // an epoch that was cut is closed even if it was the last
        while (nextEpoch < plan.epochs() && (!stopping || batchesDone > 0)) {
            logs = epoch(nextEpoch, data, validation);
        }
        optimizer.finish();
        callbacks.trainEnd(this, logs);
        return new Training(model(), history, observer.findings());
    }

    private Set<String> logNames(boolean validates) {
        Set<String> names = new HashSet<>(scores.names());
        if (validates) {
            validationScores.names().forEach(name -> names.add("val_" + name));
        }
        return names;
    }

    private Logs epoch(int epoch, Dataset data, @Nullable Dataset validation) {
        if (batchesDone == 0) {
            scores.reset();
            callbacks.epochBegin(this, epoch);
        } else {
            callbacks.epochResumed(this, epoch, batchesDone);
        }
        RowOrder order = plan.shuffle() ? RowOrder.shuffled(RandomNumbers.key(seed, epoch)) : RowOrder.AS_GIVEN;
        try (OpenBatches batches = OpenBatches.of(data, plan.batchSize(), order, epoch)) {
            batches(epoch, batches);
        }
        observer.epochTrained(epoch, optimizer.learningRate());
        Map<String, Double> values = values(scores, "");
        if (validation != null && (epoch + 1) % plan.validationFrequency() == 0) {
            evaluate(validation);
            values.putAll(values(validationScores, "val_"));
            observer.spent(Part.VALIDATION);
        }
        Logs logs = Logs.sorted(values);
        nextEpoch = epoch + 1;
        batchesDone = 0;
        callbacks.epochEnd(this, epoch, logs);
        observer.spent(Part.CALLBACKS);
        observer.epochEnds();
        return logs;
    }

    private void batches(int epoch, OpenBatches batches) {
        batches.skip(batchesDone);
        observer.epochBegins(epoch);
        observer.spent(Part.CALLBACKS);
        while (batches.hasNext() && !stopping) {
            int batch = batchesDone;
            observer.spent(Part.DATA);
            callbacks.batchBegin(this, batch);
            observer.spent(Part.CALLBACKS);
            Batch rows = batches.next();
            observer.spent(Part.DATA);
            step(epoch, batch, rows);
            batchesDone++;
            callbacks.batchEnd(this, batch, scores.fill(batchLogs));
            observer.spent(Part.CALLBACKS);
        }
        batches.requireSome();
        if (!stopping || stepsPerEpoch == 0) { // an epoch that is ended early has as many as others
            stepsPerEpoch = batchesDone;
        }
    }

    private void step(int epoch, int batch, Batch data) {
        observer.stepBegins(epoch, batch);
        runner.forward(data.inputs(), step);
        double loss = scores.add(runner, kernels, data, penalties.value() + runner.activityPenalty(), gradients);
        observer.loss(data, step, loss);
        observer.spent(Part.FORWARD);
        float[][] sums = runner.backward(gradients);
        penalties.addGradients(sums);
        observer.gradients(sums);
        observer.spent(Part.BACKWARD);
        optimizer.apply(sums, tasks);
        observer.spent(Part.UPDATE);
        step++;
        if (batchScores != null) {
            batchScores.tell(epoch, batch, loss);
        }
    }

    private static Map<String, Double> values(Scoreboard board, String prefix) {
        Logs logs = board.fill(new Logs());
        Map<String, Double> values = new HashMap<>();
        for (int i = 0; i < logs.size(); i++) {
            values.put(prefix + logs.name(i), logs.value(i));
        }
        return values;
    }

    private void evaluate(Dataset data) {
        validationScores.reset();
        StepRunner evaluation = runner(false);
        try (OpenBatches batches = OpenBatches.of(data, plan.batchSize(), RowOrder.AS_GIVEN, nextEpoch)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                evaluation.forward(batch.inputs(), 0);
                double penalty = penalties.value() + evaluation.activityPenalty();
                validationScores.add(evaluation, kernels, batch, penalty, null);
            }
        }
    }

    /** Loss and metrics of data, by Keras's names; trains nothing. */
    Logs score(Dataset data, FitPlan fitPlan) {
        plan = fitPlan;
        try (tasks) {
            evaluate(data);
            return Logs.sorted(values(validationScores, ""));
        }
    }

    /**
     * Looks at all targets and inputs in memory, before anything is trained.
     *
     * @throws InvalidInputException if labels are none of the classes, or numbers are not finite
     */
    void check(ArrayDataset data) {
        DataCheck.requireFinite(model.graph(), data);
        DataCheck.requireTokens(model.graph(), data);
        Batch first = data.batches(1, RowOrder.AS_GIVEN).next();
        // states of its own: one row must not become the state that training begins with
        StepRunner probe = new StepRunner(
                trained, weights, lossValues, activities, false, seed, kernels, Tasks.SERIAL, new LastingStates());
        probe.forward(first.inputs(), 0);
        scores.check(probe, data.whole());
    }

    @Override
    public int epochs() {
        return plan.epochs();
    }

    @Override
    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    @Override
    public double learningRate() {
        return optimizer.learningRate();
    }

    @Override
    public void learningRate(double rate) {
        optimizer.learningRate((float) rate);
    }

    @Override
    public void stop() {
        stopping = true;
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public Weights weights() {
        return weights.toWeights();
    }

    @Override
    public void restore(Weights earlier) {
        weights.restore(earlier);
    }

    @Override
    public Model model() {
        Optimizer current = optimizer.optimizer();
        Map<String, Object> original =
                model.compileConfiguration().map(CompileConfiguration::config).orElse(Map.of());
        return model.withWeights(weights.toWeights())
                .withCompileConfiguration(
                        new CompileConfiguration(compilation.toConfig(original, current), optimizer.variables()));
    }

    @Override
    public void save(Path file) {
        model().save(file);
    }

    @Override
    public void saveWeights(Path file) {
        model().save(file);
    }

    @Override
    public void backup(Path directory) {
        new Checkpoint(
                        seed,
                        new Checkpoint.Place(
                                nextEpoch,
                                batchesDone,
                                plan.batchSize(),
                                stepsPerEpoch,
                                batchesDone == 0 ? List.of() : scores.sums()),
                        step,
                        stopping,
                        weights.toWeights(),
                        optimizer.variables(),
                        new Checkpoint.States(states.batch(), states.copy()),
                        callbacks.state())
                .write(directory, weights.variables());
    }

    @Override
    public void forget(Path directory) {
        Checkpoint.remove(directory);
    }

    @Override
    public boolean resume(Path directory) {
        Checkpoint kept = Checkpoint.read(directory, weights.variables()).orElse(null);
        if (kept == null) {
            return false;
        }
        if (kept.seed() != seed) {
            throw new InvalidInputException(directory + ": was kept by a training with seed " + kept.seed()
                    + ", this one has " + seed + "; give the same seed, or another directory."
                    + " docs/TROUBLESHOOTING.md#resume");
        }
        Checkpoint.Place place = kept.place();
        place.requireBatchesOf(plan.batchSize());
        weights.restore(kept.weights());
        optimizer.restore(kept.optimizerVariables());
        states.restore(kept.states().values(), kept.states().batch());
        callbacks.restoreState(kept.callbacks());
        nextEpoch = place.epoch();
        batchesDone = place.batch();
        if (stepsPerEpoch == 0) {
            stepsPerEpoch = place.stepsPerEpoch();
        }
        if (batchesDone > 0) {
            scores.restore(place.sums());
        }
        step = kept.step();
        stopping = kept.stopping();
        return true;
    }
}
