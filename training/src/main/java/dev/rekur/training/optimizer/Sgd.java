package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * Gradient descent, with momentum if wanted: Keras's {@code SGD}.
 *
 * <pre>
 * momentum = 0:  w = w - rate g
 * else:          m = momentum m - rate g
 *                w = w + m                          or, with nesterov,  w = w + momentum m - rate g
 * </pre>
 *
 * <p>Keeps {@code momentum} for each variable, unless it is 0. Follows {@code keras/src/optimizers/sgd.py}, Keras 3.15.
 */
public final class Sgd extends TunableOptimizer<Sgd> {
    private final double momentum;
    private final boolean nesterov;

    Sgd(LayerConfig config) {
        super(config, new CommonOptions.Defaults("sgd", 0.01));
        momentum = config.number("momentum", 0);
        nesterov = config.flag("nesterov", false);
        if (momentum < 0 || momentum > 1) {
            config.problem("'momentum': expected 0 to 1, found " + momentum, "0 stands for none, 0.9 is usual");
        }
    }

    /** With Keras's defaults. */
    public static Sgd with() {
        return new Sgd(Optimizers.defaults("SGD"));
    }

    /** How much of the last movement goes on, from 0 to 1. */
    public Sgd momentum(double fraction) {
        return set("momentum", fraction);
    }

    public Sgd nesterov(boolean flag) {
        return set("nesterov", flag);
    }

    @Override
    Sgd read(LayerConfig config) {
        return new Sgd(config);
    }

    @Override
    public String className() {
        return "SGD";
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("momentum", momentum);
        config.put("nesterov", nesterov);
    }

    @Override
    List<List<SlotKind>> slots() {
        return momentum == 0 ? List.of() : List.of(List.of(SlotKind.zeros("momentum", "m", "moment")));
    }

    @Override
    UpdateRule rule() {
        return momentum == 0 ? new Plain() : new Momentum((float) momentum, nesterov);
    }

    private static final class Plain extends UpdateRule {
        private float rate;

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            float eta = rate;
            for (int i = from; i < to; i++) {
                weights[i] -= gradients[i] * eta;
            }
        }
    }

    private static final class Momentum extends UpdateRule {
        private final float momentum;
        private final boolean nesterov;
        private float rate;

        Momentum(float momentum, boolean nesterov) {
            this.momentum = momentum;
            this.nesterov = nesterov;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            if (nesterov) {
                lookAhead(weights, gradients, slots[0], from, to);
            } else {
                roll(weights, gradients, slots[0], from, to);
            }
        }

        private void roll(float[] weights, float[] gradients, float[] ms, int from, int to) {
            float mu = momentum;
            float eta = rate;
            for (int i = from; i < to; i++) {
                float m = ms[i] * mu - gradients[i] * eta;
                ms[i] = m;
                weights[i] += m;
            }
        }

        private void lookAhead(float[] weights, float[] gradients, float[] ms, int from, int to) {
            float mu = momentum;
            float eta = rate;
            for (int i = from; i < to; i++) {
                float pull = gradients[i] * eta;
                float m = ms[i] * mu - pull;
                ms[i] = m;
                weights[i] += m * mu - pull;
            }
        }
    }
}
