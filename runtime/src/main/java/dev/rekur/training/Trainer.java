package dev.rekur.training;

import dev.rekur.InvalidInputException;
import dev.rekur.Problem;
import dev.rekur.graph.GraphLayer;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Finding;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.Metrics;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.Sgd;
import dev.rekur.training.optimizer.schedule.LearningRate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fine-tunes a model as Keras would. Without settings, the compile configuration of the model's file rules; what that lacks has
 * Keras's defaults.
 *
 * <pre>{@code
 * Training training = model.trainer()
 *         .optimizer(Adam.with().learningRate(1e-3).clipNorm(1.0))
 *         .callback(EarlyStopping.on("val_loss").patience(5).restoreBestWeights())
 *         .fit(train, validation, epochs(50), batchSize(64));
 * training.model().save(Path.of("tuned.keras"));
 * }</pre>
 *
 * <p>The model itself does not change. Training is deterministic: the same seed gives the same bits, at any number of threads.
 */
public final class Trainer {
    private Model model;
    private @Nullable Optimizer optimizer;
    private @Nullable LearningRate learningRate;
    private @Nullable Loss loss;
    private final Map<String, LossTerm> losses = new HashMap<>();
    private @Nullable List<Metric> metrics;
    private @Nullable List<Metric> weightedMetrics;
    private final List<Callback> callbacks = new ArrayList<>();
    private @Nullable BatchListener batchListener;
    private @Nullable Map<Integer, Double> classWeights;
    private @Nullable KernelSelection kernels;
    private Tasks tasks = Tasks.SERIAL;
    private long seed;
    private boolean fresh;
    private @Nullable Consumer<Finding> findings = finding -> {};

    /** Use {@link Model#trainer}. */
    public Trainer(Model model) {
        this.model = model;
    }

    /** Trains with another optimizer than the file's, which begins afresh. */
    public Trainer optimizer(Optimizer other) {
        optimizer = other;
        return this;
    }

    /** Goes on with the file's optimizer and its state, but at another learning rate. */
    public Trainer learningRate(double rate) {
        learningRate = LearningRate.of(rate);
        return this;
    }

    /** Lets the file's optimizer forget what it has seen. */
    public Trainer freshOptimizer() {
        fresh = true;
        return this;
    }

    /** The loss of every output. */
    public Trainer loss(Loss every) {
        loss = every;
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
        losses.put(output, new LossTerm(itsLoss, weight));
        return this;
    }

    /** The metrics of every output. */
    public Trainer metrics(Metric... every) {
        metrics = List.of(every);
        return this;
    }

    /** The metrics of every output, by Keras's names. */
    public Trainer metrics(String... names) {
        metrics = Arrays.stream(names).map(Metrics::named).toList();
        return this;
    }

    /** The metrics of every output that heed sample weights. */
    public Trainer weightedMetrics(Metric... every) {
        weightedMetrics = List.of(every);
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

    /** Shares the work among up to {@code threads} threads: the calling one, and tasks of the executor. */
    public Trainer parallel(Executor executor, int threads) {
        if (threads < 1) {
            throw new InvalidInputException("expected at least one thread, found " + threads);
        }
        tasks = threads == 1 ? Tasks.SERIAL : new Threads(executor, threads);
        return this;
    }

    /**
     * Freezes layers: training leaves their weights as they are.
     *
     * @param pattern a layer's name; {@code *} stands for any characters
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

    /** The model as it stands: with layers frozen and heads replaced. */
    public Model model() {
        return model;
    }

    /**
     * Trains.
     *
     * @throws InvalidInputException if the data does not fit the model or the losses, a monitor does not exist, or nothing says
     *     which optimizer or loss to use; before anything is trained
     * @throws dev.rekur.UnsupportedModelException if the file asks for what Rekur lacks
     */
    public Training fit(TrainingData data, FitOption... options) {
        return fit(data, null, options);
    }

    /**
     * Trains, and validates after each epoch.
     *
     * @param validation is not trained on
     * @throws InvalidInputException see {@link #fit(TrainingData, FitOption...)}
     */
    public Training fit(TrainingData data, @Nullable TrainingData validation, FitOption... options) {
        FitPlan plan = FitPlan.of(options);
        TrainingLoop loop = loop(true);
        TrainingData weighted = weighted(data);
        if (weighted instanceof ArrayData arrays) {
            loop.check(arrays);
        }
        if (validation instanceof ArrayData arrays) {
            loop.check(arrays);
        }
        return loop.fit(weighted, validation, plan);
    }

    /** Loss and metrics of data, by Keras's names, as its {@code evaluate} gives them. Trains nothing. */
    public Logs evaluate(TrainingData data, FitOption... options) {
        TrainingLoop loop = loop(false);
        if (data instanceof ArrayData arrays) {
            loop.check(arrays);
        }
        return loop.score(data, FitPlan.of(options));
    }

    private TrainingLoop loop(boolean trains) {
        List<Problem> problems = new ArrayList<>();
        WeightRules rules = new WeightRules(model.graph(), problems);
        Compilation compilation = compilation(trains, problems);
        if (!problems.isEmpty()) {
            throw Problem.exception(model.graph().name(), problems);
        }
        return new TrainingLoop(this, model, compilation, rules);
    }

    private Compilation compilation(boolean trains, List<Problem> problems) {
        List<String> outputs = model.graph().outputNames();
        int kerasMajor = model.configuration()
                .map(configuration -> configuration.kerasMajor())
                .orElse(3);
        Compilation compilation = Compilation.read(model.compileConfiguration(), outputs, kerasMajor, problems);
        if (optimizer != null) {
            compilation = compilation.withOptimizer(optimizer);
        }
        LearningRate rate = learningRate;
        if (rate != null && compilation.optimizer().isPresent()) {
            compilation =
                    compilation.withOptimizer(compilation.optimizer().get().withLearningRate(rate));
        }
        if (compilation.optimizer().isEmpty()) {
            if (trains && problems.isEmpty()) {
                throw new InvalidInputException("the model's file names no optimizer: choose one, Adam.with() say, or"
                        + " --optimizer on the command line; docs/TROUBLESHOOTING.md#not-compiled");
            }
            compilation = compilation.withOptimizer(Sgd.with());
        }
        compilation = withLosses(compilation, outputs);
        if (compilation.losses().isEmpty() && problems.isEmpty()) {
            throw new InvalidInputException("the model's file names no loss: choose one, such as"
                    + " 'sparse_categorical_crossentropy', or --loss on the command line;"
                    + " docs/TROUBLESHOOTING.md#not-compiled");
        }
        if (metrics != null) {
            compilation = compilation.withMetrics(same(metrics, outputs.size()));
        }
        if (weightedMetrics != null) {
            compilation = compilation.withWeightedMetrics(same(weightedMetrics, outputs.size()));
        }
        return compilation;
    }

    private Compilation withLosses(Compilation compilation, List<String> outputs) {
        Loss every = loss;
        if (every != null) {
            return compilation.withLosses(Compilation.forAll(every, outputs.size()));
        }
        if (losses.isEmpty()) {
            return compilation;
        }
        List<@Nullable LossTerm> terms = new ArrayList<>();
        for (String output : outputs) {
            terms.add(losses.get(output));
        }
        for (String named : losses.keySet()) {
            if (!outputs.contains(named)) {
                throw new InvalidInputException("the model has no output '" + named + "'; its outputs are " + outputs);
            }
        }
        return compilation.withLosses(terms);
    }

    private static List<List<Metric>> same(List<Metric> every, int outputs) {
        List<List<Metric>> all = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            all.add(every);
        }
        return all;
    }

    private TrainingData weighted(TrainingData data) {
        if (classWeights == null) {
            return data;
        }
        if (!(data instanceof ArrayData arrays) || arrays.whole().targets().size() != 1) {
            throw new InvalidInputException("class weights need data in memory and a model with one output");
        }
        if (!arrays.whole().weights().isEmpty()) {
            throw new InvalidInputException("class weights and sample weights exclude each other, as in Keras");
        }
        FloatTensor weights = ClassWeights.of(arrays.whole().targets().get(0), classWeights);
        return arrays.withRowWeights(weights);
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    /** Who is told what goes wrong, or null if nobody looks. */
    @Nullable
    Consumer<Finding> findings() {
        return findings;
    }

    @Nullable
    BatchListener batchListener() {
        return batchListener;
    }

    Kernels kernels() {
        return (kernels == null ? KernelSelection.auto() : kernels).kernels();
    }

    Tasks tasks() {
        return tasks;
    }

    long seed() {
        return seed;
    }

    /** Whether the state that the file has of its optimizer is taken over. */
    boolean continuesOptimizer() {
        return optimizer == null && !fresh;
    }

    /** Layers by name, for {@link GraphLayer}s of a model. */
    static List<String> names(List<GraphLayer> layers) {
        return layers.stream().map(GraphLayer::name).toList();
    }
}
