package dev.rekur.training.optimizer;

import dev.rekur.layer.LayerConfig;

/**
 * {@link Adam} with weight decay, of 0.004 if nothing else is said: Keras's {@code AdamW}.
 *
 * <p>Before each step, {@code w = w - w decay rate}. Follows {@code keras/src/optimizers/adamw.py}, Keras 3.15.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter, 2017</a>
 */
public final class AdamW extends AdamFamily<AdamW> {
    AdamW(LayerConfig config) {
        super(config, new CommonOptions.Defaults("adam_w", 1e-3, 0.004));
        if (options().weightDecay() == null) {
            config.problem("'weight_decay': expected a number, found null", "Use Adam for none");
        }
    }

    /** With Keras's defaults. */
    public static AdamW with() {
        return new AdamW(Optimizers.defaults("AdamW"));
    }

    @Override
    AdamW read(LayerConfig config) {
        return new AdamW(config);
    }
}
