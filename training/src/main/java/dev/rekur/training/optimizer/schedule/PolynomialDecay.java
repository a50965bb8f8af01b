package dev.rekur.training.optimizer.schedule;

import dev.rekur.layer.LayerConfig;
import java.util.Map;

/**
 * Falls to an end: {@code rate = (initial - end) * (1 - min(step, decaySteps) / decaySteps) ^ power + end}.
 *
 * @param decaySteps steps until the end is reached; above zero
 * @param cycle whether to begin anew beyond the end, falling to it in the next multiple of {@code decaySteps}
 * @param name Keras's name of the object
 */
public record PolynomialDecay(
        double initialLearningRate, double decaySteps, double endLearningRate, double power, boolean cycle, String name)
        implements Schedule {
    private static final String NAME = "PolynomialDecay";

    public PolynomialDecay {
        ScheduleConfig.requireSteps(NAME, decaySteps);
    }

    /** Once, without cycles. */
    public PolynomialDecay(double initialLearningRate, double decaySteps, double endLearningRate, double power) {
        this(initialLearningRate, decaySteps, endLearningRate, power, false, NAME);
    }

    static PolynomialDecay fromConfig(LayerConfig config) {
        return new PolynomialDecay(
                ScheduleConfig.required(config, "initial_learning_rate"),
                ScheduleConfig.requiredSteps(config, "decay_steps"),
                config.number("end_learning_rate", 1e-4),
                config.number("power", 1),
                config.flag("cycle", false),
                config.text("name", NAME));
    }

    @Override
    public float at(long step) {
        float steps = (float) decaySteps;
        float taken = step;
        if (cycle) {
            // as TensorFlow computes taken / steps in a compiled step; at the border of two cycles the last bit counts
            steps *= taken == 0 ? 1 : (float) Math.ceil(taken * (1 / steps));
        } else {
            taken = Math.min(taken, steps);
        }
        float end = (float) endLearningRate;
        float left = 1 - taken / steps;
        return ((float) initialLearningRate - end) * (float) StrictMath.pow(left, (float) power) + end;
    }

    @Override
    public Map<String, Object> config() {
        return ScheduleConfig.of(
                "initial_learning_rate",
                initialLearningRate,
                "decay_steps",
                ScheduleConfig.steps(decaySteps),
                "end_learning_rate",
                endLearningRate,
                "power",
                power,
                "cycle",
                cycle,
                "name",
                name);
    }
}
