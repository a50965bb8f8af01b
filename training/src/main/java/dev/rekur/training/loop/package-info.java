/**
 * Keras's {@code fit} and {@code evaluate}: epochs, batches, callbacks, validation. Put together by {@link
 * dev.rekur.training.Trainer}, which is not known here. Not exported.
 */
@NullMarked
package dev.rekur.training.loop;

import org.jspecify.annotations.NullMarked;
