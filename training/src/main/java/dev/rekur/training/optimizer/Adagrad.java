package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * Divides gradients by the root of the sum of all their squares: Keras's {@code Adagrad}.
 *
 * <pre>
 * a = a + g^2
 * w = w - rate g / sqrt(a + epsilon)
 * </pre>
 *
 * <p>Keeps {@code accumulator} of each variable. Follows {@code keras/src/optimizers/adagrad.py}, Keras 3.15.
 *
 * @see <a href="https://www.jmlr.org/papers/volume12/duchi11a/duchi11a.pdf">Duchi, Hazan and Singer, 2011</a>
 */
public final class Adagrad extends TunableOptimizer<Adagrad> {
    private final double initialAccumulatorValue;
    private final double epsilon;

    Adagrad(LayerConfig config) {
        super(config, new CommonOptions.Defaults("adagrad", 1e-3));
        initialAccumulatorValue =
                config.number("initial_accumulator_value", EarlierOptimizer.isStandalone(config) ? 0 : 0.1);
        epsilon = EarlierOptimizer.epsilon(config);
    }

    /** With Keras's defaults. */
    public static Adagrad with() {
        return new Adagrad(Optimizers.defaults("Adagrad"));
    }

    /** What the sums of squares begin with. */
    public Adagrad initialAccumulatorValue(double value) {
        return set("initial_accumulator_value", value);
    }

    public Adagrad epsilon(double value) {
        return set("epsilon", value);
    }

    @Override
    Adagrad read(LayerConfig config) {
        return new Adagrad(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("initial_accumulator_value", initialAccumulatorValue);
        config.put("epsilon", epsilon);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(new SlotKind("accumulator", (float) initialAccumulatorValue, List.of())));
    }

    @Override
    UpdateRule rule() {
        return new Rule((float) epsilon);
    }

    private static final class Rule extends UpdateRule {
        private final float epsilon;
        private float rate;

        Rule(float epsilon) {
            this.epsilon = epsilon;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            move(weights, gradients, slots[0], from, to);
        }

        private void move(float[] weights, float[] gradients, float[] accumulators, int from, int to) {
            float eps = epsilon;
            float eta = rate;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float a = accumulators[i] + g * g;
                accumulators[i] = a;
                weights[i] -= eta * g / (float) Math.sqrt(a + eps);
            }
        }
    }
}
