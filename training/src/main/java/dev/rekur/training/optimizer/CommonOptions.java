package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import dev.rekur.training.optimizer.schedule.LearningRate;
import dev.rekur.training.optimizer.schedule.Schedule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What every optimizer of Keras can be told: {@code keras/src/optimizers/base_optimizer.py}.
 *
 * @param name Keras's name of the object
 * @param weightDecay the fraction of a weight, times the learning rate, that each step takes away
 * @param clipNorm the largest norm of a variable's gradient
 * @param globalClipNorm the largest norm of all gradients together
 * @param clipValue the largest absolute value of a gradient's element
 * @param useEma whether averages of the weights are kept, and are what training ends with
 * @param emaOverwriteFrequency after how many steps the weights are set to their averages; null or 0 for only at the end
 * @param gradientAccumulationSteps how many gradients are averaged for a step; null or 0 for one
 */
record CommonOptions(
        String name,
        LearningRate learningRate,
        @Nullable Double weightDecay,
        @Nullable Double clipNorm,
        @Nullable Double globalClipNorm,
        @Nullable Double clipValue,
        boolean useEma,
        double emaMomentum,
        @Nullable Integer emaOverwriteFrequency,
        @Nullable Integer gradientAccumulationSteps) {

    /** What an optimizer begins with where it differs from others. */
    record Defaults(
            String name, double learningRate, @Nullable Double weightDecay) {
        Defaults(String name, double learningRate) {
            this(name, learningRate, null);
        }
    }

    static CommonOptions fromConfig(LayerConfig config, Defaults defaults) {
        config.acknowledge("jit_compile", "is_legacy_optimizer"); // Keras 2's; how it computes, not what
        if (config.raw("loss_scale_factor") != null) {
            config.problem("'loss_scale_factor' is not supported", "Train in float32, which needs no scaling");
        }
        LearningRate rate = learningRate(config, defaults.learningRate());
        boolean standalone = EarlierOptimizer.isStandalone(config);
        boolean decaysMomentum = defaults.name().equals("nadam"); // which is what Keras before 2.11 called so there
        if (decaysMomentum) {
            config.acknowledge("decay");
        }
        CommonOptions options = new CommonOptions(
                config.text("name", defaults.name()),
                decaysMomentum ? rate : EarlierOptimizer.decayed(config, rate),
                config.values().containsKey("weight_decay") ? optional(config, "weight_decay") : defaults.weightDecay(),
                standalone ? null : optional(config, "clipnorm"),
                standalone ? EarlierOptimizer.globalClipNorm(config) : optional(config, "global_clipnorm"),
                optional(config, "clipvalue"),
                config.flag("use_ema", false),
                config.number("ema_momentum", 0.99),
                count(config, "ema_overwrite_frequency"),
                count(config, "gradient_accumulation_steps"));
        options.check(config);
        return options;
    }

    private static LearningRate learningRate(LayerConfig config, double fallback) {
        if (config.raw("learning_rate") instanceof Map<?, ?>) {
            return config.object("learning_rate")
                    .flatMap(Schedule::read)
                    .map(LearningRate.class::cast)
                    .orElse(LearningRate.of(fallback));
        }
        double before = config.number("lr", fallback); // Keras before 2.3
        return LearningRate.of(config.number("learning_rate", before));
    }

    private static @Nullable Double optional(LayerConfig config, String key) {
        return config.raw(key) == null ? null : (Double) config.number(key, 0);
    }

    private static @Nullable Integer count(LayerConfig config, String key) {
        return config.raw(key) == null ? null : (Integer) config.integer(key, 0);
    }

    private void check(LayerConfig config) {
        if (Stream.of(clipNorm, globalClipNorm, clipValue)
                        .filter(Objects::nonNull)
                        .count()
                > 1) {
            config.problem(
                    "found several of " + List.of("clipnorm", "global_clipnorm", "clipvalue"),
                    "Keras takes one of them; leave out the others");
        }
        if (useEma && (emaMomentum < 0 || emaMomentum > 1)) {
            config.problem("'ema_momentum': expected 0 to 1, found " + emaMomentum, "0.99 is Keras's default");
        }
        if (gradientAccumulationSteps != null && gradientAccumulationSteps == 1) {
            config.problem(
                    "'gradient_accumulation_steps': expected at least 2, found 1", "Leave it out to step each time");
        }
    }

    /** Steps of the training loop for each step of the optimizer. */
    int stepsPerUpdate() {
        return gradientAccumulationSteps == null || gradientAccumulationSteps == 0 ? 1 : gradientAccumulationSteps;
    }

    boolean accumulates() {
        return stepsPerUpdate() > 1;
    }

    /** In Keras's order. */
    void describe(Map<String, Object> config) {
        config.put("name", name);
        config.put("learning_rate", learningRate.serialized());
        config.put("weight_decay", weightDecay);
        config.put("clipnorm", clipNorm);
        config.put("global_clipnorm", globalClipNorm);
        config.put("clipvalue", clipValue);
        config.put("use_ema", useEma);
        config.put("ema_momentum", emaMomentum);
        config.put("ema_overwrite_frequency", emaOverwriteFrequency);
        config.put("loss_scale_factor", null);
        config.put("gradient_accumulation_steps", gradientAccumulationSteps);
    }
}
