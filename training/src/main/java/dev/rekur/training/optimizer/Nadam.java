package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Adam} with Nesterov's momentum: Keras's {@code Nadam}.
 *
 * <pre>
 * u(t) = beta1 (1 - 0.5 * 0.96^t),   p = p u(t)
 * m = m + (g - m) (1 - beta1)
 * v = v + (g^2 - v) (1 - beta2)
 * mHat = u(t+1) m / (1 - p u(t+1)) + (1 - u(t)) g / (1 - p)
 * vHat = v / (1 - beta2^t)
 * w = w - mHat rate / (sqrt(vHat) + epsilon)
 * </pre>
 *
 * <p>Keeps {@code momentum} and {@code velocity} of each variable in turn, then the product {@code p}, which begins with 1.
 * Follows {@code keras/src/optimizers/nadam.py}, Keras 3.15.
 *
 * @see <a href="https://cs229.stanford.edu/proj2015/054_report.pdf">Dozat, 2015</a>
 */
public final class Nadam extends TunableOptimizer<Nadam> {
    private static final Logger LOG = LoggerFactory.getLogger(Nadam.class);

    private final double beta1;
    private final double beta2;
    private final double epsilon;

    Nadam(LayerConfig config) {
        super(config, new CommonOptions.Defaults("nadam", 1e-3));
        beta1 = config.number("beta_1", 0.9);
        beta2 = config.number("beta_2", 0.999);
        epsilon = config.number("epsilon", 1e-7);
        config.acknowledge("schedule_decay");
        if (EarlierOptimizer.is(config)) {
            LOG.warn(
                    "Nadam of Keras before 2.11 raises its momentum more slowly than that of Keras 3, which is used here");
        }
    }

    /** With Keras's defaults. */
    public static Nadam with() {
        return new Nadam(Optimizers.defaults("Nadam"));
    }

    /** The part of the old average of gradients in the new one. */
    public Nadam beta1(double fraction) {
        return set("beta_1", fraction);
    }

    /** The part of the old average of squares in the new one. */
    public Nadam beta2(double fraction) {
        return set("beta_2", fraction);
    }

    public Nadam epsilon(double value) {
        return set("epsilon", value);
    }

    @Override
    Nadam read(LayerConfig config) {
        return new Nadam(config);
    }

    @Override
    void describe(Map<String, Object> config) {
        config.put("beta_1", beta1);
        config.put("beta_2", beta2);
        config.put("epsilon", epsilon);
    }

    @Override
    List<List<SlotKind>> slots() {
        return List.of(List.of(SlotKind.zeros("momentum", "m"), SlotKind.zeros("velocity", "v")));
    }

    @Override
    UpdateRule rule() {
        return new Rule(beta1, beta2, epsilon);
    }

    private static final class Rule extends UpdateRule {
        /** After so many steps a factor of the product is {@code beta1}: {@code 0.96^t} is far below what single precision shows. */
        private static final long SETTLED = 4096;

        private final float beta1;
        private final float beta2;
        private final float epsilon;
        private final Slot product = Slot.scalar("u_product", 1, "momentum_cache", "m_schedule");
        private float rate;
        private float next;
        private float now;
        private float nextCorrection;
        private float nowCorrection;
        private float squareCorrection;

        Rule(double beta1, double beta2, double epsilon) {
            this.beta1 = (float) beta1;
            this.beta2 = (float) beta2;
            this.epsilon = (float) epsilon;
        }

        @Override
        List<Slot> shared() {
            return List.of(product);
        }

        @Override
        void beginShared(long steps) {
            product.values()[0] = 1;
            for (long step = 1; step <= Math.min(steps, SETTLED); step++) {
                multiply(step);
            }
            if (steps > SETTLED) {
                product.values()[0] *= power(beta1, steps - SETTLED);
            }
        }

        private void multiply(long step) {
            float[] p = product.values();
            p[0] = p[0] * beta1 * (1 - 0.5f * power(0.96, step));
        }

        @Override
        void begin(float learningRate, long step) {
            float[] p = product.values();
            multiply(step);
            float u = beta1 * (1 - 0.5f * power(0.96, step));
            next = beta1 * (1 - 0.5f * power(0.96, step + 1));
            rate = learningRate;
            now = 1 - u;
            nextCorrection = 1 - p[0] * next;
            nowCorrection = 1 - p[0];
            squareCorrection = 1 - power(beta2, step);
        }

        @Override
        void update(float[] weights, float[] gradients, float[][] slots, int from, int to) {
            move(weights, gradients, slots[0], slots[1], from, to);
        }

        private void move(float[] weights, float[] gradients, float[] ms, float[] vs, int from, int to) {
            float rest1 = 1 - beta1;
            float rest2 = 1 - beta2;
            float eps = epsilon;
            float eta = rate;
            float ahead = next;
            float aheadCorrection = nextCorrection;
            float here = now;
            float hereCorrection = nowCorrection;
            float vCorrection = squareCorrection;
            for (int i = from; i < to; i++) {
                float g = gradients[i];
                float m = ms[i] + (g - ms[i]) * rest1;
                float v = vs[i] + (g * g - vs[i]) * rest2;
                ms[i] = m;
                vs[i] = v;
                float mHat = ahead * m / aheadCorrection + here * g / hereCorrection;
                weights[i] -= mHat * eta / ((float) Math.sqrt(v / vCorrection) + eps);
            }
        }
    }
}
