package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.Model;
import dev.rekur.training.Trainer;
import dev.rekur.training.optimizer.Optimizers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is trained, where it is not as its file says: what Keras's {@code compile} is given. */
final class CompileOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "Another optimizer than the file's, with Keras's defaults: adam, rmsprop, sgd, ...")
    private @Nullable String optimizer;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description = "The learning rate; the file's optimizer keeps its state.")
    private @Nullable Double learningRate;

    @Option(
            names = "--clipnorm",
            paramLabel = "C",
            description = "Shrink each weight's gradient to this norm. One of the three replaces the file's clipping.")
    private @Nullable Double clipNorm;

    @Option(names = "--global-clipnorm", paramLabel = "C", description = "Shrink all gradients to this common norm.")
    private @Nullable Double globalClipNorm;

    @Option(names = "--clipvalue", paramLabel = "C", description = "Clip each element of gradients to this.")
    private @Nullable Double clipValue;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            arity = "1..*",
            description = "Arguments of the optimizer by Keras's names: --set beta_1=0.8 amsgrad=true.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--fresh-optimizer",
            description = "Let the file's optimizer begin anew, without the state the file has of it.")
    private boolean fresh;

    @Mixin
    private final ScoreOptions scores = new ScoreOptions();

    /** Whether the optimizer begins without the state the file has of it. */
    boolean beginsAnew() {
        return fresh || optimizer != null;
    }

    /**
     * Refuses a model that was not compiled before it was saved, unless the options say how to train it.
     *
     * @throws InvalidInputException if they do not
     */
    void requireComplete(Model model) {
        if (model.compileConfiguration().isPresent() || optimizer != null && scores.namesLoss()) {
            return;
        }
        String missing = optimizer != null ? "--loss" : scores.namesLoss() ? "--optimizer" : "--optimizer and --loss";
        throw new InvalidInputException(
                model.graph().name() + ": the file does not say how to train the model, which was"
                        + " not compiled when it was saved. Give " + missing
                        + ", such as --optimizer adam --loss sparse_categorical_crossentropy",
                "docs/TROUBLESHOOTING.md#not-compiled");
    }

    /**
     * Hands everything to a trainer.
     *
     * @throws dev.rekur.error.RekurException if there is no such optimizer, loss or metric
     */
    void configure(Trainer trainer) {
        if (learningRate != null && !(learningRate >= 0 && Double.isFinite(learningRate))) {
            throw new UsageException("--learning-rate: expected a number from 0 on, found " + learningRate);
        }
        if (optimizer != null) {
            trainer.optimizer(Optimizers.named(optimizer));
        }
        if (fresh) {
            trainer.freshOptimizer();
        }
        KeyValues.parse("--set", settings).forEach(trainer::optimizerSetting);
        clip(trainer);
        if (learningRate != null) {
            trainer.learningRate(learningRate);
        }
        scores.configure(trainer);
    }

    private void clip(Trainer trainer) {
        Map<String, @Nullable Double> clippings = new LinkedHashMap<>();
        clippings.put("clipnorm", clipNorm);
        clippings.put("global_clipnorm", globalClipNorm);
        clippings.put("clipvalue", clipValue);
        long given = clippings.values().stream().filter(value -> value != null).count();
        if (given > 1) {
            throw new UsageException(
                    "expected one of --clipnorm, --global-clipnorm and --clipvalue, as in Keras, found " + given);
        }
        if (given == 0) {
            return;
        }
        clippings.forEach((key, value) -> {
            if (value == null) {
                trainer.optimizerSetting(key, "none");
            }
        });
        clippings.forEach((key, value) -> {
            if (value != null && !(value > 0)) {
                throw new UsageException("--" + key.replace('_', '-') + ": expected a number above 0, found " + value);
            }
            if (value != null) {
                trainer.optimizerSetting(key, value.toString());
            }
        });
    }
}
