/**
 * Fine-tuning, as users call it: a {@link dev.rekur.training.Trainer} walks a model's graph backwards and moves its weights, with Keras's
 * results. Knows no layer and no file format. What it is made of stands in packages below, none of which uses this one: data,
 * losses, metrics, optimizers, callbacks and findings, and those that are not exported.
 */
@NullMarked
package dev.rekur.training;

import org.jspecify.annotations.NullMarked;
