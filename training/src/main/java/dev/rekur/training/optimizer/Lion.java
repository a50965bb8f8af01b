package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * Moves all weights equally far, by signs alone: Keras's {@code Lion}.
 *
 * <pre>
 * w = w - rate sign(beta1 m + (1 - beta1) g)
 * m = beta2 m + (1 - beta2) g
 * </pre>
 *
 * <p>Keeps {@code momentum} of each variable. Follows {@code keras/src/optimizers/lion.py}, Keras 3.15.
 *
 * @see <a href="https://arxiv.org/abs/2302.06675">Chen et al., 2023</a>
 */
public final class Lion extends TunableOptimizer<Lion> {
    private final double beta1;
    private final double beta2;

    Lion(LayerConfig config) {
        super(config, new CommonOptions.Defaults("lion", 1e-3));
        beta1 = config.number("beta_1", 0.9);
        beta2 = config.number("beta_2", 0.99);
        if (beta1 <= 0 || beta1 > 1) {
            config.problem("'beta_1': expected more than 0 and at most 1, found " + beta1, "0.9 is Keras's default");
        }
    }

    /** With Keras's defaults. */
    public static Lion with() {
        return new Lion(Optimizers.defaults("Lion"));
    }

    /** The part of the average in the direction; above 0, at most 1. */
    public Lion beta1(double fraction) {
        return set("beta_1", fraction);
    }

    /** The part of the old average of gradients in the new one. */
    public Lion beta2(double fraction) {
        return set("beta_2", fraction);
    }

    @Override
    Lion read(LayerConfig config) {
        return new Lion(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(SlotKind.zeros("momentum", "m")));
    }

    @Override
    UpdateRule rule() {
        return new Rule((float) beta1, (float) beta2);
    }

    private static final class Rule extends UpdateRule {
        private final float beta1;
        private final float beta2;
        private float rate;

        Rule(float beta1, float beta2) {
            this.beta1 = beta1;
            this.beta2 = beta2;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            move(weights, gradients, slots[0], from, to);
        }

        private void move(float[] weights, float[] gradients, float[] ms, int from, int to) {
            float keep1 = beta1;
            float add1 = 1 - beta1;
            float keep2 = beta2;
            float add2 = 1 - beta2;
            float eta = rate;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float m = ms[i];
                weights[i] -= eta * Math.signum(m * keep1 + g * add1);
                ms[i] = m * keep2 + g * add2;
            }
        }
    }
}
