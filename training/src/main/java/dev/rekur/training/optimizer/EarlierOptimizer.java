package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;
import dev.rekur.training.optimizer.schedule.ConstantRate;
import dev.rekur.training.optimizer.schedule.InverseTimeDecay;
import dev.rekur.training.optimizer.schedule.LearningRate;
import org.jspecify.annotations.Nullable;

/**
 * What optimizers of Keras before 2.11 meant by their settings, said with those of Keras 3. Follows {@code keras/optimizers.py}
 * of Keras 2.1 to 2.3, and {@code optimizers/legacy} of tf_keras 2.21, which does what TensorFlow 2.0 to 2.10 did.
 */
final class EarlierOptimizer {
    private EarlierOptimizer() {}

    /** Whether Keras before 2.11 wrote it; what followed, and Keras 3, knows averages of weights. */
    static boolean is(LayerConfig config) {
        return config.version().major() == 2
                && !config.values().isEmpty()
                && !config.values().containsKey("use_ema");
    }

    /** Whether Keras wrote it that was not TensorFlow's, up to 2.3: its optimizers have no names. */
    static boolean isStandalone(LayerConfig config) {
        return is(config) && !config.values().containsKey("name");
    }

    /** The learning rate with {@code decay}: {@code rate / (1 + decay step)}. */
    static LearningRate decayed(LayerConfig config, LearningRate rate) {
        double decay = config.number("decay", 0);
        if (decay == 0) {
            return rate;
        }
        if (!(rate instanceof ConstantRate constant)) {
            config.problem(
                    "'decay' of Keras 2 beside a schedule of the learning rate is not supported",
                    "Compile the model with one of them.");
            return rate;
        }
        return new InverseTimeDecay(constant.rate(), 1, decay);
    }

    /** A norm to clip to, which was one of all gradients together before TensorFlow had its own Keras; null for none. */
    static @Nullable Double globalClipNorm(LayerConfig config) {
        double norm = config.number("clipnorm", 0);
        return norm > 0 ? (Double) norm : null;
    }

    /**
     * Epsilon as Keras 3 adds it to a square, of which it then takes the root: Keras before 2.11 adds its own to the root, so
     * that the square of it is the equal.
     */
    static double epsilon(LayerConfig config) {
        double epsilon = config.number("epsilon", 1e-7);
        return is(config) ? epsilon * epsilon : epsilon;
    }
}
