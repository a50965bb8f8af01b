/**
 * What watches a training and steers it: stops it, lowers its learning rate, saves it. Each callback decides what Keras's
 * callback of that name decides. They see a training as {@link dev.rekur.training.callback.TrainingRun} and know neither
 * the trainer nor file formats.
 */
@NullMarked
package dev.rekur.training.callback;

import org.jspecify.annotations.NullMarked;
