package dev.rekur.training;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.model.Model;
import dev.rekur.model.SaveOptions;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.callback.BatchListener;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.compile.Compilation;
import dev.rekur.training.compile.CompileSettings;
import dev.rekur.training.compile.LossTerm;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Dataset;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.graph.TrainedGraph;
import dev.rekur.training.graph.WeightRules;
import dev.rekur.training.loop.Evaluation;
import dev.rekur.training.loop.FitPlan;
import dev.rekur.training.loop.TrainingLoop;
import dev.rekur.training.loop.TrainingSettings;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.Metrics;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.schedule.LearningRate;
import dev.rekur.training.step.Team;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes a model as Keras would. Without settings, the compile configuration of the model's file rules; what that lacks has
 * Keras's defaults.
 *
 * <pre>{@code
 * Training training = Trainer.of(model)
 *         .optimizer(Adam.with().learningRate(1e-3).clipNorm(1.0))
 *         .callback(EarlyStopping.on("val_loss").patience(5).restoreBestWeights())
 *         .fit(train, validation, epochs(50), batchSize(64));
 * training.model().save(Path.of("tuned.keras"));
 * }</pre>
 *
 * <p>The model itself does not change. Training is deterministic: the same seed gives the same bits, at any number of threads.
 * A trainer belongs to one thread. An interrupt ends nothing; a callback can, with {@link dev.rekur.training.callback.TrainingRun#stop}.
 */
public final class Trainer {
    private Model model;
    private final CompileSettings compile = new CompileSettings();
    private final List<Callback> callbacks = new ArrayList<>();
    private @Nullable BatchListener batchListener;
    private @Nullable Map<Integer, Double> classWeights;
    private @Nullable KernelSelection kernels;
    private SaveOptions saveOptions = SaveOptions.DEFAULT;
    private Executor executor = Runnable::run;
    private int threads = 1;
    private long seed;
    private boolean fresh;
    private @Nullable Consumer<Finding> findings = finding -> {};

    private Trainer(Model model) {
        this.model = model;
    }

    /** A trainer that goes by the model's compile configuration until told otherwise. */
    public static Trainer of(Model model) {
        return new Trainer(model);
    }

    /** Trains with another optimizer than the file's, which begins afresh. */
    public Trainer optimizer(Optimizer other) {
        compile.optimizer(other);
        return this;
    }

    /** Goes on with the file's optimizer and its state, but at another learning rate. */
    public Trainer learningRate(double rate) {
        compile.learningRate(LearningRate.of(rate));
        return this;
    }

    /**
     * Trains with another value of one of Keras's arguments of the optimizer, whichever is used; its state stays.
     *
     * @param key a key of {@link Optimizer#config}
     * @param value a number, {@code true}, {@code false}, or {@code none}
     */
    public Trainer optimizerSetting(String key, String value) {
        compile.optimizerSetting(key, value);
        return this;
    }

    /** Lets the file's optimizer forget what it has seen. */
    public Trainer freshOptimizer() {
        fresh = true;
        return this;
    }

    /** The loss of every output. */
    public Trainer loss(Loss every) {
        compile.loss(every);
        return this;
    }

    /** The loss of every output, by Keras's name. */
    public Trainer loss(String name) {
        return loss(Losses.named(name));
    }

    /**
     * The loss of one output.
     *
     * @param output the output's name
     * @param weight what it counts in the sum of all
     */
    public Trainer loss(String output, Loss itsLoss, double weight) {
        compile.loss(output, new LossTerm(itsLoss, weight));
        return this;
    }

    /** The metrics of every output. */
    public Trainer metrics(Metric... every) {
        compile.metrics(List.of(every));
        return this;
    }

    /** The metrics of every output, by Keras's names. */
    public Trainer metrics(String... names) {
        compile.metrics(Arrays.stream(names).map(Metrics::named).toList());
        return this;
    }

    /** The metrics of every output that heed sample weights. */
    public Trainer weightedMetrics(Metric... every) {
        compile.weightedMetrics(List.of(every));
        return this;
    }

    /** Adds a callback. */
    public Trainer callback(Callback callback) {
        callbacks.add(callback);
        return this;
    }

    /** Tells loss and metrics of single batches. */
    public Trainer onBatch(BatchListener listener) {
        batchListener = listener;
        return this;
    }

    /**
     * Is told what goes wrong in the training as soon as it is seen, at the end of an epoch: one finding, or several for several
     * layers, of each kind. {@link Training#findings} has all at the end.
     */
    public Trainer diagnose(Consumer<Finding> listener) {
        findings = listener;
        return this;
    }

    /** Does not watch the training, which takes less than a hundredth of the time: {@link Training#findings} will be empty. */
    public Trainer withoutDiagnosis() {
        findings = null;
        return this;
    }

    /** For which Keras callbacks write the model; {@link SaveOptions#DEFAULT} unless said. */
    public Trainer saveOptions(SaveOptions options) {
        saveOptions = options;
        return this;
    }

    /** How much rows of each class count in training; classes that are not named count 1. */
    public Trainer classWeights(Map<Integer, Double> weights) {
        classWeights = Map.copyOf(weights);
        return this;
    }

    /** Seed of what is random: the order of rows, and what dropout silences. */
    public Trainer seed(long number) {
        seed = number;
        return this;
    }

    /** Which kernels to run on; default {@link KernelSelection#auto}. */
    public Trainer kernels(KernelSelection selection) {
        kernels = selection;
        return this;
    }

    /**
     * Shares the work among up to {@code threads} threads: the calling one, and others of the executor, which it keeps until the
     * training ends.
     */
    public Trainer parallel(Executor executor, int threads) {
        if (threads < 1) {
            throw new InvalidInputException("expected at least one thread, found " + threads);
        }
        this.executor = executor;
        this.threads = threads;
        return this;
    }

    /**
     * Freezes layers: training leaves their weights as they are.
     *
     * @param pattern a layer's name, or its path in a nested model: {@code encoder/dense}; {@code *} stands for any characters.
     *     A nested model stands for all its layers
     * @throws InvalidInputException if no layer has such a name
     */
    public Trainer freeze(String pattern) {
        return setTrainable(pattern, false);
    }

    /** Lets layers be trained again; see {@link #freeze}. */
    public Trainer unfreeze(String pattern) {
        return setTrainable(pattern, true);
    }

    private Trainer setTrainable(String pattern, boolean trainable) {
        for (String layer : LayerPattern.of(pattern).matching(model.graph())) {
            model = model.withTrainable(layer, trainable);
        }
        return this;
    }

    /**
     * Replaces the last layer by one for another number of classes, with fresh weights: a new head.
     *
     * @param layer name of a Dense layer that nothing but the model's output depends on
     * @param units its new number of units
     */
    public Trainer replaceHead(String layer, int units) {
        model = HeadReplacement.replace(model, layer, units, seed);
        return this;
    }

    /**
     * The outputs that have a loss, by name, in the model's order: those that data needs targets for.
     *
     * @throws InvalidInputException if nothing says which loss to use
     */
    public List<String> outputsWithLoss() {
        List<Problem> problems = new ArrayList<>();
        List<@Nullable LossTerm> terms =
                compile.compilation(model, false, problems).losses();
        if (!problems.isEmpty()) {
            throw Problem.exception(model.graph().name(), problems);
        }
        List<String> outputs = model.graph().outputNames();
        return IntStream.range(0, outputs.size())
                .filter(output -> terms.get(output) != null)
                .mapToObj(outputs::get)
                .toList();
    }

    /** The model as it stands: with layers frozen and heads replaced. */
    public Model model() {
        return model;
    }

    /**
     * Trains.
     *
     * @throws InvalidInputException if the data does not fit the model or the losses, a monitor does not exist, or nothing says
     *     which optimizer or loss to use; before anything is trained
     * @throws dev.rekur.error.UnsupportedModelException if the file asks for what Rekur lacks
     */
    public Training fit(Dataset data, FitOption... options) {
        return fit(data, null, options);
    }

    /**
     * Trains, and validates after each epoch.
     *
     * @param validation is not trained on
     * @throws InvalidInputException see {@link #fit(Dataset, FitOption...)}
     */
    public Training fit(Dataset data, @Nullable Dataset validation, FitOption... options) {
        FitPlan plan = FitArguments.plan(options);
        TrainingLoop loop = new TrainingLoop(graph(true), settings());
        Dataset weighted = weighted(data);
        if (weighted instanceof ArrayDataset arrays) {
            loop.check(arrays);
        }
        if (validation instanceof ArrayDataset arrays) {
            try {
                loop.check(arrays);
            } catch (InvalidInputException unfit) {
                throw unfit.within("validation data");
            }
        }
        loop.fit(weighted, validation, plan);
        return new Training(loop.model(), loop.history(), loop.findings());
    }

    /** Loss and metrics of data, by Keras's names, as its {@code evaluate} gives them. Trains nothing. */
    public Logs evaluate(Dataset data, FitOption... options) {
        FitPlan plan = FitArguments.plan(options);
        Evaluation evaluation = new Evaluation(graph(false), kernels());
        if (data instanceof ArrayDataset arrays) {
            evaluation.check(arrays);
        }
        return evaluation.run(data, plan.batchSize(), team());
    }

    private TrainedGraph graph(boolean trains) {
        List<Problem> problems = new ArrayList<>();
        WeightRules rules = new WeightRules(model.graph(), CompileSettings.version(model), problems);
        Compilation compilation = compile.compilation(model, trains, problems);
        if (!problems.isEmpty()) {
            throw Problem.exception(model.graph().name(), problems);
        }
        return new TrainedGraph(model, compilation, rules);
    }

    private Dataset weighted(Dataset data) {
        if (classWeights == null) {
            return data;
        }
        if (!(data instanceof ArrayDataset arrays) || arrays.whole().targets().size() != 1) {
            throw new InvalidInputException("class weights need data in memory and a model with one output");
        }
        if (!arrays.whole().weights().isEmpty()) {
            throw new InvalidInputException("class weights and sample weights exclude each other, as in Keras");
        }
        FloatTensor weights = ClassWeights.of(arrays.whole().targets().get(0), classWeights);
        return arrays.withRowWeights(weights);
    }

    private TrainingSettings settings() {
        return new TrainingSettings(
                List.copyOf(callbacks),
                batchListener,
                findings,
                kernels(),
                team(),
                seed,
                saveOptions,
                !compile.setsOptimizer() && !fresh,
                compile.setsLearningRate());
    }

    private Kernels kernels() {
        return (kernels == null ? KernelSelection.auto() : kernels).kernels();
    }

    private Team team() {
        return new Team(executor, threads);
    }
}
