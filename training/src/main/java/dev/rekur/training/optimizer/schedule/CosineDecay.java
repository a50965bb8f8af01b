package dev.rekur.training.optimizer.schedule;

import dev.rekur.layer.LayerConfig;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Falls along half a cosine: {@code rate = from * ((1 - alpha) * (1 + cos(pi * step / decaySteps)) / 2 + alpha)}.
 *
 * <p>Without a warm-up, {@code from} is the initial rate. With one, the rate first rises in a straight line from the initial
 * rate to the target in {@code warmupSteps}, and falls from there.
 *
 * @param decaySteps steps of the fall; above zero
 * @param alpha what is left at the end, as a fraction
 * @param name Keras's name of the object
 * @param warmupTarget the rate after the warm-up, or null for none
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, 2016</a>
 */
public record CosineDecay(
        double initialLearningRate,
        double decaySteps,
        double alpha,
        String name,
        @Nullable Double warmupTarget,
        double warmupSteps)
        implements Schedule {
    private static final String NAME = "CosineDecay";

    public CosineDecay {
        ScheduleConfig.requireSteps(NAME, decaySteps);
    }

    /** Without a warm-up. */
    public CosineDecay(double initialLearningRate, double decaySteps, double alpha) {
        this(initialLearningRate, decaySteps, alpha, NAME, null, 0);
    }

    /** The same, after a warm-up. */
    public CosineDecay warmUp(double target, double steps) {
        return new CosineDecay(initialLearningRate, decaySteps, alpha, name, target, steps);
    }

    static CosineDecay fromConfig(LayerConfig config) {
        return new CosineDecay(
                ScheduleConfig.required(config, "initial_learning_rate"),
                ScheduleConfig.requiredSteps(config, "decay_steps"),
                config.number("alpha", 0),
                config.text("name", NAME),
                config.has("warmup_target") ? (Double) config.number("warmup_target", 0) : null,
                config.number("warmup_steps", 0));
    }

    @Override
    public float at(long step) {
        float initial = (float) initialLearningRate;
        float steps = (float) decaySteps;
        if (warmupTarget == null) {
            return fall(Math.min(step, steps), initial);
        }
        float target = warmupTarget.floatValue();
        float warmup = (float) warmupSteps;
        float taken = Math.min(step, steps + warmup);
        if (taken < warmup) {
            float rise = target - initial;
            return rise * (taken / warmup) + initial;
        }
        return fall(taken - warmup, target);
    }

    private float fall(float taken, float from) {
        float cosine = (float) StrictMath.cos((float) Math.PI * (taken / (float) decaySteps));
        return from * ((float) (1 - alpha) * (0.5f * (1 + cosine)) + (float) alpha);
    }

    @Override
    public Map<String, Object> config() {
        return ScheduleConfig.of(
                "initial_learning_rate",
                initialLearningRate,
                "decay_steps",
                ScheduleConfig.steps(decaySteps),
                "alpha",
                alpha,
                "name",
                name,
                "warmup_target",
                warmupTarget,
                "warmup_steps",
                ScheduleConfig.steps(warmupSteps));
    }
}
