package dev.rekur.training.optimizer.schedule;

import dev.rekur.layer.LayerConfig;
import java.util.Map;

/**
 * Shrinks ever more slowly: {@code rate = initial / (1 + decayRate * step / decaySteps)}.
 *
 * @param decaySteps the unit in which steps are counted; above zero
 * @param staircase whether it shrinks only at whole multiples of {@code decaySteps}
 * @param name Keras's name of the object
 */
public record InverseTimeDecay(
        double initialLearningRate, double decaySteps, double decayRate, boolean staircase, String name)
        implements Schedule {
    private static final String NAME = "InverseTimeDecay";

    public InverseTimeDecay {
        ScheduleConfig.requireSteps(NAME, decaySteps);
    }

    /** Without steps. */
    public InverseTimeDecay(double initialLearningRate, double decaySteps, double decayRate) {
        this(initialLearningRate, decaySteps, decayRate, false, NAME);
    }

    static InverseTimeDecay fromConfig(LayerConfig config) {
        return new InverseTimeDecay(
                ScheduleConfig.required(config, "initial_learning_rate"),
                ScheduleConfig.requiredSteps(config, "decay_steps"),
                ScheduleConfig.required(config, "decay_rate"),
                config.flag("staircase", false),
                config.text("name", NAME));
    }

    @Override
    public float at(long step) {
        float progress = step / (float) decaySteps;
        if (staircase) {
            progress = (float) Math.floor(progress);
        }
        return (float) initialLearningRate / (1 + (float) decayRate * progress);
    }

    @Override
    public Map<String, Object> config() {
        return ScheduleConfig.of(
                "initial_learning_rate",
                initialLearningRate,
                "decay_steps",
                ScheduleConfig.steps(decaySteps),
                "decay_rate",
                decayRate,
                "staircase",
                staircase,
                "name",
                name);
    }
}
