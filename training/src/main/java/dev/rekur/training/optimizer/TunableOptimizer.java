package dev.rekur.training.optimizer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.training.constraint.Constraint;
import dev.rekur.training.optimizer.schedule.LearningRate;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer whose settings are changed one by one, each change giving a new optimizer. Here are the settings that all have;
 * each optimizer adds its own, and the arithmetic.
 *
 * <p>A changed setting goes the way of a file: into Keras's configuration, and through the reader, which knows what is
 * allowed. Methods that change a setting throw {@link InvalidInputException} for what Keras does not allow.
 *
 * @param <O> the optimizer itself
 */
public abstract sealed class TunableOptimizer<O extends TunableOptimizer<O>> implements Optimizer
        permits Adadelta, Adagrad, AdamFamily, Adamax, Ftrl, Lion, Nadam, RmsProp, Sgd {
    private final CommonOptions options;

    TunableOptimizer(LayerConfig config, CommonOptions.Defaults defaults) {
        options = CommonOptions.fromConfig(config, defaults);
    }

    /** An optimizer of the same class. */
    abstract O read(LayerConfig config);

    /** Adds the settings that only this optimizer has, in Keras's order. */
    abstract void describe(Map<String, Object> config);

    /**
     * What is kept for each variable. Slots of one inner list alternate in a file, variable by variable; those of the next
     * list follow behind, as {@code add_optimizer_variables} of Keras does it in its calls.
     */
    abstract List<List<SlotKind>> slots();

    /** The arithmetic of a training. */
    abstract UpdateRule rule();

    /** What all optimizers can be told. */
    final CommonOptions options() {
        return options;
    }

    @Override
    public final LearningRate learningRate() {
        return options.learningRate();
    }

    /** A learning rate that only callbacks change. */
    public final O learningRate(double rate) {
        return set("learning_rate", rate);
    }

    /** A number or a schedule. */
    public final O learningRate(LearningRate rate) {
        return set("learning_rate", rate.serialized());
    }

    @Override
    public final O withLearningRate(LearningRate rate) {
        return learningRate(rate);
    }

    /** Takes this fraction of each weight, times the learning rate, away before each step. */
    public final O weightDecay(double fraction) {
        return set("weight_decay", fraction);
    }

    /** Shrinks each variable's gradient to this norm if it is longer. */
    public final O clipNorm(double norm) {
        return set("clipnorm", norm);
    }

    /** Shrinks all gradients alike so that their common norm is this if it is longer. */
    public final O globalClipNorm(double norm) {
        return set("global_clipnorm", norm);
    }

    /** Clips each element of a gradient to this distance from zero. */
    public final O clipValue(double value) {
        return set("clipvalue", value);
    }

    /**
     * Keeps an exponential moving average of the weights, which is what training ends with.
     *
     * @param momentum the part of the old average in the new one, from 0 to 1
     */
    public final O ema(double momentum) {
        return set("use_ema", true).set("ema_momentum", momentum);
    }

    /** Sets the weights to their averages each time this many steps were taken; at least 1. */
    public final O emaOverwriteFrequency(int steps) {
        return set("ema_overwrite_frequency", steps);
    }

    /** Averages this many gradients for each step; at least 2. */
    public final O gradientAccumulationSteps(int steps) {
        return set("gradient_accumulation_steps", steps);
    }

    @Override
    public final O withSetting(String key, String value) {
        return set(key, parse(value));
    }

    private static @Nullable Object parse(String value) {
        String lower = value.strip().toLowerCase(Locale.ROOT);
        if (lower.equals("none") || lower.equals("null")) {
            return null;
        }
        if (lower.equals("true") || lower.equals("false")) {
            return Boolean.valueOf(lower);
        }
        try {
            return Double.valueOf(lower);
        } catch (NumberFormatException e) {
            return value; // a name, or something that the reader refuses
        }
    }

    /** The same with another value of one of Keras's arguments. */
    final O set(String key, @Nullable Object value) {
        Map<String, Object> config = config();
        if (!config.containsKey(key)) {
            throw new InvalidInputException(
                    className() + ": there is no setting '" + key + "'" + Misspelling.among(config.keySet(), key));
        }
        config.put(key, value);
        List<Problem> problems = new ArrayList<>();
        O changed = read(Optimizers.configuration(className(), "the settings", config, KerasVersion.NEWEST, problems));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(className() + ": "
                    + problems.stream()
                            .map(problem -> problem.finding() + ". " + problem.remedy())
                            .collect(Collectors.joining("; ")));
        }
        return changed;
    }

    @Override
    public String className() {
        return getClass().getSimpleName();
    }

    @Override
    public final Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        options.describe(config);
        describe(config);
        return config;
    }

    @Override
    public final Map<String, Object> serialized() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.optimizers");
        object.put("class_name", className());
        object.put("config", config());
        object.put("registered_name", null);
        return object;
    }

    @Override
    public final OptimizerState start(List<Variable> trainable) {
        return start(trainable, Collections.nCopies(trainable.size(), null));
    }

    @Override
    public final OptimizerState start(List<Variable> trainable, List<@Nullable Constraint> constraints) {
        return new OptimizerState(this, trainable, constraints);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof TunableOptimizer<?> that
                && className().equals(that.className())
                && config().equals(that.config());
    }

    @Override
    public final int hashCode() {
        return config().hashCode();
    }

    @Override
    public final String toString() {
        return className() + config();
    }
}
