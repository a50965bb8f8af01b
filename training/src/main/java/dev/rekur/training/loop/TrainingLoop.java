package dev.rekur.training.loop;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.Kernels;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.training.callback.BackupAndRestore;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.CallbackList;
import dev.rekur.training.callback.History;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import dev.rekur.training.checkpoint.Checkpoint;
import dev.rekur.training.checkpoint.FileState;
import dev.rekur.training.compile.CompileSettings;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Batch;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.data.RowOrder;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.diagnosis.Pace.Part;
import dev.rekur.training.graph.TrainedGraph;
import dev.rekur.training.observation.Diagnostician;
import dev.rekur.training.observation.Observer;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.OptimizerState;
import dev.rekur.training.scoring.BatchScores;
import dev.rekur.training.scoring.Scoreboard;
import dev.rekur.training.step.LastingStates;
import dev.rekur.training.step.StepRunner;
import dev.rekur.training.step.Team;
import dev.rekur.training.step.TrainedWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One training: Keras's {@code fit}, from the first epoch to the last. Belongs to the thread that runs it. */
public final class TrainingLoop implements TrainingRun {
    private final TrainedGraph graph;
    private final TrainedWeights weights;
    private final OptimizerState optimizer;
    private final Kernels kernels;
    private final Team tasks;
    private final long seed;
    private final SaveOptions saveOptions;
    private final LastingStates states = new LastingStates();
    private final StepRunner runner;
    private final Scoreboard scores;
    private final Evaluation validation;
    private final @Nullable BatchScores batchScores;
    private final Logs batchLogs = new Logs();
    private final float[] @Nullable [] gradients;
    private final History history = new History();
    private final CallbackList callbacks;
    private final Observer observer;
    private FitPlan plan = FitPlan.DEFAULTS;
    private int stepsPerEpoch;
    private int nextEpoch;

    /** Batches of the next epoch that are done: not 0 in its midst. */
    private int batchesDone;

    private long step;
    private boolean stopping;

    public TrainingLoop(TrainedGraph graph, TrainingSettings settings) {
        this.graph = graph;
        this.kernels = settings.kernels();
        this.tasks = settings.team();
        this.seed = settings.seed();
        this.saveOptions = settings.saveOptions();
        this.weights = graph.weights();
        this.optimizer = graph.compilation().optimizer().orElseThrow().start(weights.trainable(), graph.constraints());
        if (settings.continuesOptimizer()) {
            graph.model()
                    .compileConfiguration()
                    .filter(file -> !file.optimizerVariables().isEmpty())
                    .ifPresent(file -> FileState.restore(optimizer, file, settings.setsLearningRate()));
        }
        this.runner = graph.runner(true, seed, kernels, tasks, states);
        graph.penalties().variables().forEach(runner::clearWholly);
        if (optimizer.overwritesGradients()) {
            for (int variable = 0; variable < weights.trainable().size(); variable++) {
                runner.clearWholly(variable);
            }
        }
        this.scores = graph.scoreboard();
        this.validation = new Evaluation(graph, kernels);
        this.batchScores = graph.batchScores(settings.batchListener());
        this.gradients = new float[graph.runnerOutputCount()][];
        // history sees what callbacks add to logs, and backups keep everything that was before them
        List<Callback> all = new ArrayList<>(settings.callbacks());
        List<Callback> backups =
                all.stream().filter(BackupAndRestore.class::isInstance).toList();
        all.removeAll(backups);
        all.add(history);
        all.addAll(backups);
        this.callbacks = CallbackList.of(all);
        Consumer<Finding> findings = settings.findings();
        this.observer = findings == null
                ? Observer.NONE
                : new Diagnostician(
                        graph,
                        runner,
                        optimizer.optimizer(),
                        history,
                        all.stream().anyMatch(Callback::restoresBestOfValidation),
                        findings);
    }

    /** Looks at data in memory before anything is trained; see {@link Evaluation#check}. */
    public void check(ArrayDataset data) {
        validation.check(data);
    }

    /** Trains. */
    public void fit(Dataset data, @Nullable Dataset validationData, FitPlan fitPlan) {
        try (tasks) {
            train(data, validationData, fitPlan);
        }
    }

    private void train(Dataset data, @Nullable Dataset validationData, FitPlan fitPlan) {
        plan = fitPlan;
        nextEpoch = fitPlan.initialEpoch();
        stepsPerEpoch = data.batchCount(plan.batchSize());
        callbacks.check(logNames(validationData != null));
        callbacks.trainBegin(this);
        Logs logs = new Logs();
        // an epoch that was cut is closed even if it was the last
        while (nextEpoch < plan.epochs() && (!stopping || batchesDone > 0)) {
            logs = epoch(nextEpoch, data, validationData);
        }
        optimizer.finish();
        callbacks.trainEnd(this, logs);
    }

    /** Losses and metrics of all epochs. */
    public History history() {
        return history;
    }

    /** What went wrong, the most urgent first. */
    public List<Finding> findings() {
        return observer.findings();
    }

    private Set<String> logNames(boolean validates) {
        Set<String> names = new HashSet<>(scores.names());
        if (validates) {
            validation.names().forEach(name -> names.add("val_" + name));
        }
        return names;
    }

    private Logs epoch(int epoch, Dataset data, @Nullable Dataset validationData) {
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
        Map<String, Double> values = scores.values();
        if (validationData != null && (epoch + 1) % plan.validationFrequency() == 0) {
            StepRunner evaluating = graph.runner(false, seed, kernels, tasks, states); // with the weights of the moment
            validation
                    .run(evaluating, validationData, plan.batchSize(), epoch)
                    .forEach((name, value) -> values.put("val_" + name, value));
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
        double loss = scores.add(runner, data, graph.penalties().value() + runner.activityPenalty(), gradients);
        observer.loss(data, step, loss);
        observer.spent(Part.FORWARD);
        float[][] sums = runner.backward(gradients);
        graph.penalties().addGradients(sums);
        observer.gradients(sums);
        observer.spent(Part.BACKWARD);
        optimizer.apply(sums, tasks);
        observer.spent(Part.UPDATE);
        step++;
        if (batchScores != null) {
            batchScores.tell(epoch, batch, loss);
        }
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
        Model model = graph.model();
        Map<String, Object> original =
                model.compileConfiguration().map(CompileConfiguration::config).orElse(Map.of());
        return model.withWeights(weights.toWeights())
                .withCompileConfiguration(new CompileConfiguration(
                        graph.compilation()
                                .toConfig(
                                        original, current, model.graph().outputNames(), CompileSettings.version(model)),
                        optimizer.variables(),
                        3));
    }

    @Override
    public void save(Path file) {
        model().save(file, saveOptions);
    }

    @Override
    public void saveWeights(Path file) {
        model().save(file, saveOptions);
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
            throw new InvalidInputException(
                    directory + ": was kept by a training with seed " + kept.seed() + ", this one has " + seed
                            + "; give the same seed, or another directory.",
                    "docs/TROUBLESHOOTING.md#resume");
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
