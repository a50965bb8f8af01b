package dev.rekur.training.optimizer.schedule;

import dev.rekur.layer.LayerConfig;
import java.util.Map;

/**
 * Falls along half a cosine, then begins anew, with periods and heights that change from one time to the next.
 *
 * <p>{@code rate = initial * ((1 - alpha) * mMul^i * (1 + cos(pi * fraction)) / 2 + alpha)}, where {@code i} counts the
 * restarts and {@code fraction} is how much of the period is over.
 *
 * @param firstDecaySteps steps of the first period; above zero
 * @param tMul how many times longer each period is than the one before
 * @param mMul how many times higher each period begins than the one before
 * @param alpha what is left at the end of a period, as a fraction
 * @param name Keras's name of the object
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter, 2016</a>
 */
public record CosineDecayRestarts(
        double initialLearningRate, double firstDecaySteps, double tMul, double mMul, double alpha, String name)
        implements Schedule {
    private static final String NAME = "SGDRDecay";

    public CosineDecayRestarts {
        ScheduleConfig.requireSteps("CosineDecayRestarts", firstDecaySteps);
    }

    /** Falls to nothing each time. */
    public CosineDecayRestarts(double initialLearningRate, double firstDecaySteps, double tMul, double mMul) {
        this(initialLearningRate, firstDecaySteps, tMul, mMul, 0, NAME);
    }

    static CosineDecayRestarts fromConfig(LayerConfig config) {
        return new CosineDecayRestarts(
                ScheduleConfig.required(config, "initial_learning_rate"),
                ScheduleConfig.requiredSteps(config, "first_decay_steps"),
                config.number("t_mul", 2),
                config.number("m_mul", 1),
                config.number("alpha", 0),
                config.text("name", NAME));
    }

    @Override
    public float at(long step) {
        float fraction = step / (float) firstDecaySteps;
        float growth = (float) tMul;
        float restarts;
        if (growth == 1) {
            restarts = (float) Math.floor(fraction);
            fraction -= restarts;
        } else {
            // periods are a geometric series; which one it is follows from the sum so far
            restarts = (float) Math.floor(logarithm(1 - fraction * (1 - growth)) / logarithm(growth));
            float power = (float) StrictMath.pow(growth, restarts);
            fraction = (fraction - (1 - power) / (1 - growth)) / power;
        }
        float height = (float) StrictMath.pow((float) mMul, restarts);
        float cosine = (float) StrictMath.cos((float) Math.PI * fraction);
        float rest = (float) alpha;
        return (float) initialLearningRate * ((1 - rest) * (0.5f * height * (1 + cosine)) + rest);
    }

    private static float logarithm(float value) {
        return (float) StrictMath.log(value);
    }

    @Override
    public Map<String, Object> config() {
        return ScheduleConfig.of(
                "initial_learning_rate",
                initialLearningRate,
                "first_decay_steps",
                ScheduleConfig.steps(firstDecaySteps),
                "t_mul",
                tMul,
                "m_mul",
                mMul,
                "alpha",
                alpha,
                "name",
                name);
    }
}
