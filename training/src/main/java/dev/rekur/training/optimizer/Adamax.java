package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * {@link Adam} with the largest gradient in place of the average of squares: Keras's {@code Adamax}.
 *
 * <pre>
 * m = m + (g - m) (1 - beta1)
 * u = max(beta2 u, |g|)
 * w = w - rate m / ((1 - beta1^t) (u + epsilon))
 * </pre>
 *
 * <p>Keeps {@code momentum} and {@code norm} of each variable in turn. Follows {@code keras/src/optimizers/adamax.py}, Keras
 * 3.15.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, 2014</a>
 */
public final class Adamax extends TunableOptimizer<Adamax> {
    private final double beta1;
    private final double beta2;
    private final double epsilon;

    Adamax(LayerConfig config) {
        super(config, new CommonOptions.Defaults("adamax", 1e-3));
        beta1 = config.number("beta_1", 0.9);
        beta2 = config.number("beta_2", 0.999);
        epsilon = config.number("epsilon", 1e-7);
    }

    /** With Keras's defaults. */
    public static Adamax with() {
        return new Adamax(Optimizers.defaults("Adamax"));
    }

    /** The part of the old average of gradients in the new one. */
    public Adamax beta1(double fraction) {
        return set("beta_1", fraction);
    }

    /** What is left of the largest gradient after each step. */
    public Adamax beta2(double fraction) {
        return set("beta_2", fraction);
    }

    public Adamax epsilon(double value) {
        return set("epsilon", value);
    }

    @Override
    Adamax read(LayerConfig config) {
        return new Adamax(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(SlotKind.zeros("momentum", "m"), SlotKind.zeros("norm", "u", "v")));
    }

    @Override
    UpdateRule rule() {
        return new Rule(beta1, beta2, epsilon);
    }

    private static final class Rule extends UpdateRule {
        private final double beta1;
        private final double beta2;
        private final float epsilon;
        private float rate;
        private float correction;

        Rule(double beta1, double beta2, double epsilon) {
            this.beta1 = beta1;
            this.beta2 = beta2;
            this.epsilon = (float) epsilon;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
            correction = 1 - power(beta1, step);
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            move(weights, gradients, slots[0], slots[1], from, to);
        }

        private void move(float[] weights, float[] gradients, float[] ms, float[] us, int from, int to) {
            float rest = (float) (1 - beta1);
            float fade = (float) beta2;
            float eps = epsilon;
            float eta = rate;
            float c = correction;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float m = ms[i] + (g - ms[i]) * rest;
                float u = Math.max(fade * us[i], Math.abs(g));
                ms[i] = m;
                us[i] = u;
                weights[i] -= eta * m / (c * (u + eps));
            }
        }
    }
}
