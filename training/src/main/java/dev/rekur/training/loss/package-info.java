/**
 * Keras's losses: what a prediction costs, the gradient of that, and what a batch's costs become as one number. For the
 * trainer, for metrics, and for whoever adds a loss. Knows no layer and no file format.
 */
@NullMarked
package dev.rekur.training.loss;

import org.jspecify.annotations.NullMarked;
