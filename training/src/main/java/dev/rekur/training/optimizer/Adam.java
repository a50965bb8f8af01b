package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;

/**
 * Moves by averages of gradients, divided by the root of averages of their squares: Keras's {@code Adam}.
 *
 * <pre>
 * alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t)
 * m = m + (g - m) (1 - beta1)
 * v = v + (g^2 - v) (1 - beta2)
 * w = w - m alpha / (sqrt(v) + epsilon)               with amsgrad: max of all v so far, for v
 * </pre>
 *
 * <p>Keeps {@code momentum} and {@code velocity} of each variable in turn, then, with amsgrad, {@code velocity_hat} of all.
 * Averages fade in every step, whether an element's gradient is zero or not. Follows {@code keras/src/optimizers/adam.py},
 * Keras 3.15.
 *
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba, 2014</a>
 */
public final class Adam extends AdamFamily<Adam> {
    Adam(LayerConfig config) {
        super(config, new CommonOptions.Defaults("adam", 1e-3));
    }

    /** With Keras's defaults. */
    public static Adam with() {
        return new Adam(Optimizers.defaults("Adam"));
    }

    @Override
    Adam read(LayerConfig config) {
        return new Adam(config);
    }
}
