package dev.rekur.training.optimizer;

import dev.rekur.kernel.Powers;
import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;

/**
 * Follows the regularized leader, which can hold weights at exactly zero: Keras's {@code Ftrl}.
 *
 * <pre>
 * b = l2 + beta / (2 rate)
 * n' = n + g^2
 * z = z + g + 2 shrinkage w - (n'^-power - n^-power) / rate w
 * w = (clip(z, -l1, l1) - z) / (n'^-power / rate + 2 b)
 * n = n'
 * </pre>
 *
 * <p>Weights follow from {@code z}, which begins with zero: the first step forgets the weights there were, but for what {@code
 * z} takes up of them. Keeps {@code accumulator} (n) and {@code linear} (z) of each variable in turn. Follows {@code
 * keras/src/optimizers/ftrl.py}, Keras 3.15.
 *
 * @see <a href="https://research.google.com/pubs/archive/41159.pdf">McMahan et al., 2013</a>
 */
public final class Ftrl extends TunableOptimizer<Ftrl> {
    private static final String POWER = "learning_rate_power";
    private static final String INITIAL = "initial_accumulator_value";
    private static final String L1 = "l1_regularization_strength";
    private static final String L2 = "l2_regularization_strength";
    private static final String SHRINKAGE = "l2_shrinkage_regularization_strength";

    private final double power;
    private final double initialAccumulatorValue;
    private final double l1;
    private final double l2;
    private final double shrinkage;
    private final double beta;

    Ftrl(LayerConfig config) {
        super(config, new CommonOptions.Defaults("ftrl", 1e-3));
        power = config.number(POWER, -0.5);
        if (power > 0) {
            config.problem("'" + POWER + "': expected at most 0, found " + power, "-0.5 is Keras's default");
        }
        initialAccumulatorValue = notNegative(config, INITIAL, 0.1);
        l1 = notNegative(config, L1, 0);
        l2 = notNegative(config, L2, 0);
        shrinkage = notNegative(config, SHRINKAGE, 0);
        beta = config.number("beta", 0);
    }

    private static double notNegative(LayerConfig config, String key, double fallback) {
        double value = config.number(key, fallback);
        if (value < 0) {
            config.problem("'" + key + "': expected at least 0, found " + value, fallback + " is Keras's default");
        }
        return value;
    }

    /** With Keras's defaults. */
    public static Ftrl with() {
        return new Ftrl(Optimizers.defaults("Ftrl"));
    }

    /** How the rate falls with the sum of squares; at most 0. */
    public Ftrl learningRatePower(double value) {
        return set(POWER, value);
    }

    /** What the sums of squares begin with; at least 0. */
    public Ftrl initialAccumulatorValue(double value) {
        return set(INITIAL, value);
    }

    /** Weights that this pulls to zero stay there; at least 0. */
    public Ftrl l1RegularizationStrength(double strength) {
        return set(L1, strength);
    }

    public Ftrl l2RegularizationStrength(double strength) {
        return set(L2, strength);
    }

    /** A penalty on the size of weights that goes into the gradient; at least 0. */
    public Ftrl l2ShrinkageRegularizationStrength(double strength) {
        return set(SHRINKAGE, strength);
    }

    public Ftrl beta(double value) {
        return set("beta", value);
    }

    @Override
    Ftrl read(LayerConfig config) {
        return new Ftrl(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put(POWER, power);
        config.put(INITIAL, initialAccumulatorValue);
        config.put(L1, l1);
        config.put(L2, l2);
        config.put(SHRINKAGE, shrinkage);
        config.put("beta", beta);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(
                new SlotKind("accumulator", (float) initialAccumulatorValue, List.of()), SlotKind.zeros("linear")));
    }

    @Override
    UpdateRule rule() {
        return new Rule(this);
    }

    private static final class Rule extends UpdateRule {
        private final float exponent;
        private final float l1;
        private final float l2;
        private final float twiceShrinkage;
        private final float beta;
        private float rate;
        private float twiceL2;

        Rule(Ftrl settings) {
            exponent = (float) -settings.power;
            l1 = (float) settings.l1;
            l2 = (float) settings.l2;
            twiceShrinkage = (float) (2 * settings.shrinkage);
            beta = (float) settings.beta;
        }

        @Override
        void begin(float learningRate, long step) {
            rate = learningRate;
            twiceL2 = 2 * (l2 + beta / (2 * learningRate));
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            float[] ns = slots[0];
            float[] zs = slots[1];
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float w = weights[i];
                float n = ns[i] + g * g;
                float raised = raise(n);
                float z = zs[i] + (g + twiceShrinkage * w - (raised - raise(ns[i])) / rate * w);
                weights[i] = (Math.max(-l1, Math.min(z, l1)) - z) / (raised / rate + twiceL2);
                zs[i] = z;
                ns[i] = n;
            }
        }

        private float raise(float value) {
            return (float) Powers.of(value, exponent);
        }
    }
}
