/**
 * Fine-tuning: walks a model's graph backwards and moves its weights, with Keras's results. Knows no layer and no file
 * format; losses, metrics, optimizers and callbacks have packages of their own below.
 */
@NullMarked
package dev.rekur.training;

import org.jspecify.annotations.NullMarked;
