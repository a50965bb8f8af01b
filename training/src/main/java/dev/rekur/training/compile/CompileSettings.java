package dev.rekur.training.compile;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Problem;
import dev.rekur.graph.PortNames;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.optimizer.Optimizer;
import dev.rekur.training.optimizer.Sgd;
import dev.rekur.training.optimizer.schedule.LearningRate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller says of how a model is to be trained; the rest is read from the model's file. */
public final class CompileSettings {
    private static final Logger LOG = LoggerFactory.getLogger(CompileSettings.class);

    @Nullable
    Optimizer optimizer;

    @Nullable
    Loss loss;

    @Nullable
    List<Metric> metrics;

    @Nullable
    List<Metric> weightedMetrics;

    private @Nullable LearningRate learningRate;
    private final Map<String, LossTerm> losses = new HashMap<>();
    private final Map<String, String> optimizerSettings = new LinkedHashMap<>();

    /** Another optimizer than the file's. */
    public void optimizer(Optimizer other) {
        optimizer = other;
    }

    /** Whether the optimizer is another than the file's. */
    public boolean setsOptimizer() {
        return optimizer != null;
    }

    /** Another learning rate for whichever optimizer is used. */
    public void learningRate(LearningRate rate) {
        learningRate = rate;
    }

    /** Another value of one of Keras's arguments for whichever optimizer is used. */
    public void optimizerSetting(String key, String value) {
        optimizerSettings.put(key, value);
    }

    /** The loss of every output. */
    public void loss(Loss every) {
        loss = every;
    }

    /** The loss of one output. */
    public void loss(String output, LossTerm term) {
        losses.put(output, term);
    }

    /** The metrics of every output. */
    public void metrics(List<Metric> every) {
        metrics = List.copyOf(every);
    }

    /** The metrics of every output that heed sample weights. */
    public void weightedMetrics(List<Metric> every) {
        weightedMetrics = List.copyOf(every);
    }

    /** Whether the caller says which learning rate to go on with. */
    public boolean setsLearningRate() {
        return learningRate != null || optimizerSettings.containsKey("learning_rate");
    }

    /** The Keras that wrote the model's file; the newest for a model that is of no file. */
    public static KerasVersion version(Model model) {
        return model.configuration()
                .map(configuration -> configuration.version())
                .orElse(KerasVersion.NEWEST);
    }

    /** The compilation of a model that is to be trained, or only evaluated. */
    public Compilation compilation(Model model, boolean trains, List<Problem> problems) {
        List<String> outputs = model.graph().outputNames();
        Compilation compilation =
                Compilation.read(model.compileConfiguration(), this, outputs, version(model), problems);
        if (optimizer != null) {
            compilation = compilation.withOptimizer(optimizer);
        } else if (trains && compilation.optimizer().isPresent() && !namesOptimizer(model)) {
            LOG.warn("the model's file names no optimizer: RMSprop is taken, as Keras does");
        }
        if (compilation.optimizer().isPresent()) {
            compilation =
                    compilation.withOptimizer(changed(compilation.optimizer().get()));
        } else {
            if (trains && problems.isEmpty()) {
                throw new InvalidInputException(
                        "the model's file names no optimizer: choose one, such as adam",
                        "docs/TROUBLESHOOTING.md#not-compiled");
            }
            compilation = compilation.withOptimizer(Sgd.with());
        }
        compilation = withLosses(compilation, model.graph().outputPorts());
        if (compilation.losses().isEmpty() && problems.isEmpty()) {
            throw new InvalidInputException(
                    "the model's file names no loss: choose one, such as sparse_categorical_crossentropy",
                    "docs/TROUBLESHOOTING.md#not-compiled");
        }
        if (metrics != null) {
            compilation = compilation.withMetrics(same(metrics, outputs.size()));
        }
        if (weightedMetrics != null) {
            compilation = compilation.withWeightedMetrics(same(weightedMetrics, outputs.size()));
        }
        return compilation;
    }

    private static boolean namesOptimizer(Model model) {
        return model.compileConfiguration()
                .map(CompileConfiguration::config)
                .filter(config -> config.get("optimizer") != null || config.get("optimizer_config") != null)
                .isPresent();
    }

    private Optimizer changed(Optimizer original) {
        Optimizer changed = original;
        for (Map.Entry<String, String> setting : optimizerSettings.entrySet()) {
            changed = changed.withSetting(setting.getKey(), setting.getValue());
        }
        return learningRate == null ? changed : changed.withLearningRate(learningRate);
    }

    /** The file's losses, or one loss for all, and in their places those that single outputs have. */
    private Compilation withLosses(Compilation compilation, PortNames outputs) {
        int count = outputs.names().size();
        Loss every = loss;
        List<@Nullable LossTerm> terms =
                new ArrayList<>(every == null ? compilation.losses() : Compilation.forAll(every, count));
        while (!losses.isEmpty() && terms.size() < count) {
            terms.add(null); // where the file names no loss
        }
        losses.forEach((named, term) -> {
            int output = outputs.indexOf(named);
            if (output < 0) {
                throw new InvalidInputException(
                        "the model has no output '" + named + "'; its outputs are " + outputs.text());
            }
            terms.set(output, term);
        });
        return compilation.withLosses(terms);
    }

    private static List<List<Metric>> same(List<Metric> every, int outputs) {
        List<List<Metric>> all = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            all.add(every);
        }
        return all;
    }
}
