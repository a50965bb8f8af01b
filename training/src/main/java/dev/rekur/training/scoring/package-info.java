/**
 * Losses and metrics of a model's outputs: computed batch by batch, added up over an epoch, begun backwards. Knows neither epochs
 * nor callbacks, but for the {@link dev.rekur.training.callback.Logs} that it fills. Not exported.
 */
@NullMarked
package dev.rekur.training.scoring;

import org.jspecify.annotations.NullMarked;
