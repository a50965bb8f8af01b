package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * What {@link Adam} and {@link AdamW} share, which is everything but a default.
 *
 * @param <O> the optimizer itself
 */
public abstract sealed class AdamFamily<O extends AdamFamily<O>> extends TunableOptimizer<O> permits Adam, AdamW {
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final boolean amsgrad;

    AdamFamily(LayerConfig config, CommonOptions.Defaults defaults) {
        super(config, defaults);
        beta1 = config.number("beta_1", 0.9);
        beta2 = config.number("beta_2", 0.999);
        epsilon = config.number("epsilon", 1e-7);
        amsgrad = config.flag("amsgrad", false);
    }

    /** The part of the old average of gradients in the new one. */
    public final O beta1(double fraction) {
        return set("beta_1", fraction);
    }

    /** The part of the old average of squares in the new one. */
    public final O beta2(double fraction) {
        return set("beta_2", fraction);
    }

    public final O epsilon(double value) {
        return set("epsilon", value);
    }

    /** Whether to divide by the largest average of squares so far. */
    public final O amsgrad(boolean flag) {
        return set("amsgrad", flag);
    }

    @Override
    final void describe(Map<String, Object> config) {
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
        config.put("amsgrad", amsgrad);
    }

    @Override
    final List<List<SlotKind>> slots() {
        List<SlotKind> averages = List.of(SlotKind.zeros("momentum", "m"), SlotKind.zeros("velocity", "v"));
        return amsgrad ? List.of(averages, List.of(SlotKind.zeros("velocity_hat", "vhat"))) : List.of(averages);
    }

    @Override
    final UpdateRule rule() {
        return new Rule(beta1, beta2, epsilon, amsgrad);
    }

    private static final class Rule extends UpdateRule {
        private final double beta1;
        private final double beta2;
        private final float epsilon;
        private final boolean amsgrad;
        private float alpha;

        Rule(double beta1, double beta2, double epsilon, boolean amsgrad) {
            this.beta1 = beta1;
            this.beta2 = beta2;
            this.epsilon = (float) epsilon;
            this.amsgrad = amsgrad;
        }

        @Override
        void begin(float learningRate, long step) {
            float root = (float) Math.sqrt(1 - power(beta2, step));
            alpha = learningRate * root / (1 - power(beta1, step));
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            if (amsgrad) {
                moveByLargest(weights, gradients, slots[0], slots[1], slots[2], from, to);
            } else {
                move(weights, gradients, slots[0], slots[1], from, to);
            }
        }

        private void move(float[] weights, float[] gradients, float[] ms, float[] vs, int from, int to) {
            float rest1 = (float) (1 - beta1);
            float rest2 = (float) (1 - beta2);
            float eps = epsilon;
            float a = alpha;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float m = ms[i] + (g - ms[i]) * rest1;
                float v = vs[i] + (g * g - vs[i]) * rest2;
                ms[i] = m;
                vs[i] = v;
                weights[i] -= m * a / ((float) Math.sqrt(v) + eps);
            }
        }

        private void moveByLargest(
                float[] weights, float[] gradients, float[] ms, float[] vs, float[] largest, int from, int to) {
            float rest1 = (float) (1 - beta1);
            float rest2 = (float) (1 - beta2);
            float eps = epsilon;
            float a = alpha;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float m = ms[i] + (g - ms[i]) * rest1;
                float v = vs[i] + (g * g - vs[i]) * rest2;
                float most = Math.max(largest[i], v);
                ms[i] = m;
                vs[i] = v;
                largest[i] = most;
                weights[i] -= m * a / ((float) Math.sqrt(most) + eps);
            }
        }
    }
}
