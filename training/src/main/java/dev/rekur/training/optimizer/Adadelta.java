package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * Moves as far as it moved of late, in the direction of the gradient: Keras's {@code Adadelta}.
 *
 * <pre>
 * a = rho a + (1 - rho) g^2
 * d = -(sqrt(b + epsilon) g / sqrt(a + epsilon))
 * b = rho b + (1 - rho) d^2
 * w = w + rate d
 * </pre>
 *
 * <p>Keeps {@code accumulated_grad} and {@code accumulated_delta_var} of each variable in turn. Follows {@code
 * keras/src/optimizers/adadelta.py}, Keras 3.15.
 *
 * @see <a href="https://arxiv.org/abs/1212.5701">Zeiler, 2012</a>
 */
public final class Adadelta extends TunableOptimizer<Adadelta> {
    private final double rho;
    private final double epsilon;

    Adadelta(LayerConfig config) {
        super(config, new CommonOptions.Defaults("adadelta", 1e-3));
        rho = config.number("rho", 0.95);
        epsilon = config.number("epsilon", 1e-7);
    }

    /** With Keras's defaults. */
    public static Adadelta with() {
        return new Adadelta(Optimizers.defaults("Adadelta"));
    }

    /** The part of the old averages in the new ones. */
    public Adadelta rho(double fraction) {
        return set("rho", fraction);
    }

    public Adadelta epsilon(double value) {
        return set("epsilon", value);
    }

    @Override
    Adadelta read(LayerConfig config) {
        return new Adadelta(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("rho", rho);
        config.put("epsilon", epsilon);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(
                SlotKind.zeros("accumulated_grad", "accum_grad", "accumulator"),
                SlotKind.zeros("accumulated_delta_var", "accum_var", "delta_accumulator")));
    }

    @Override
    UpdateRule rule() {
        return new Rule(rho, epsilon);
    }

    private static final class Rule extends UpdateRule {
        private final double rho;
        private final float epsilon;
        private float rate;

        Rule(double rho, double epsilon) {
            this.rho = rho;
            this.epsilon = (float) epsilon;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            move(weights, gradients, slots[0], slots[1], from, to);
        }

        private void move(float[] weights, float[] gradients, float[] as, float[] bs, int from, int to) {
            float keep = (float) rho;
            float add = (float) (1 - rho);
            float eps = epsilon;
            float eta = rate;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float a = keep * as[i] + add * (g * g);
                float d = -((float) Math.sqrt(bs[i] + eps) * g / (float) Math.sqrt(a + eps));
                as[i] = a;
                bs[i] = keep * bs[i] + add * (d * d);
                weights[i] += eta * d;
            }
        }
    }
}
