package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Divides gradients by a moving average of their size: Keras's {@code RMSprop}.
 *
 * <pre>
 * v = rho v + (1 - rho) g^2
 * a = rho a + (1 - rho) g                                        if centered
 * d = rate g / sqrt(v - a^2 + epsilon)                           without a^2 if not centered
 * m = momentum m + d,  w = w - m                                 or, if momentum is 0,  w = w - d
 * </pre>
 *
 * <p>Keeps {@code velocity} for all variables, then {@code momentum} for all unless it is 0, then {@code average_gradient} if
 * centered. Follows {@code keras/src/optimizers/rmsprop.py}, Keras 3.15.
 *
 * @see <a href="https://arxiv.org/abs/1308.0850">Graves, 2013 (centered)</a>
 */
public final class RmsProp extends TunableOptimizer<RmsProp> {
    private final double rho;
    private final double momentum;
    private final double epsilon;
    private final boolean centered;

    RmsProp(LayerConfig config) {
        super(config, new CommonOptions.Defaults("rm_sprop", 1e-3));
        rho = config.number("rho", 0.9);
        momentum = config.number("momentum", 0);
        epsilon = momentum == 0 ? EarlierOptimizer.epsilon(config) : config.number("epsilon", 1e-7);
        centered = config.flag("centered", false);
    }

    /** With Keras's defaults. */
    public static RmsProp with() {
        return new RmsProp(Optimizers.defaults("RMSprop"));
    }

    /** The part of the old average in the new one. */
    public RmsProp rho(double fraction) {
        return set("rho", fraction);
    }

    /** How much of the last movement goes on. */
    public RmsProp momentum(double fraction) {
        return set("momentum", fraction);
    }

    public RmsProp epsilon(double value) {
        return set("epsilon", value);
    }

    /** Whether to divide by an estimate of the variance, not of the square. */
    public RmsProp centered(boolean flag) {
        return set("centered", flag);
    }

    @Override
    RmsProp read(LayerConfig config) {
        return new RmsProp(config);
    }

    @Override
    public String className() {
        return "RMSprop";
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("rho", rho);
        config.put("momentum", momentum);
        config.put("epsilon", epsilon);
        config.put("centered", centered);
    }

    @Override
    List<List<SlotKind>> slots() {
        List<List<SlotKind>> slots = new ArrayList<>();
        slots.add(List.of(SlotKind.zeros("velocity", "rms", "accumulator")));
        if (momentum > 0) {
            slots.add(List.of(SlotKind.zeros("momentum")));
        }
        if (centered) {
            slots.add(List.of(SlotKind.zeros("average_gradient", "mg")));
        }
        return slots;
    }

    @Override
    UpdateRule rule() {
        return new Rule(this);
    }

    private static final class Rule extends UpdateRule {
        private final float rho;
        private final float rest;
        private final float momentum;
        private final float epsilon;
        private final boolean centered;
        private float rate;

        Rule(RmsProp settings) {
            rho = (float) settings.rho;
            rest = (float) (1 - settings.rho);
            momentum = (float) settings.momentum;
            epsilon = (float) settings.epsilon;
            centered = settings.centered;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            boolean rolls = momentum > 0;
            if (centered) {
                center(gradients, slots[0], slots[rolls ? 2 : 1], from, to);
            } else {
                scale(gradients, slots[0], from, to);
            }
            if (rolls) {
                roll(weights, gradients, slots[1], from, to);
            } else {
                for (int i = from; i < to; i++) {
                    weights[i] -= gradients[i];
                }
            }
        }

        /** Gradients become increments. */
        private void scale(float[] gradients, float[] vs, int from, int to) {
            float keep = rho;
            float add = rest;
            float eta = rate;
            float eps = epsilon;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float v = keep * vs[i] + add * (g * g);
                vs[i] = v;
                gradients[i] = eta * g / (float) Math.sqrt(v + eps);
            }
        }

        /** Gradients become increments. */
        private void center(float[] gradients, float[] vs, float[] averages, int from, int to) {
            float keep = rho;
            float add = rest;
            float eta = rate;
            float eps = epsilon;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float v = keep * vs[i] + add * (g * g);
                float a = keep * averages[i] + add * g;
                vs[i] = v;
                averages[i] = a;
                gradients[i] = eta * g / (float) Math.sqrt(v - a * a + eps);
            }
        }

        private void roll(float[] weights, float[] increments, float[] ms, int from, int to) {
            float mu = momentum;
            for (int i = from; i < to; i++) {
                float m = mu * ms[i] + increments[i];
                ms[i] = m;
                weights[i] -= m;
            }
        }
    }
}
