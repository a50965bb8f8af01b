/**
 * Optimizers with Keras's update rules, options and variables. An {@link dev.rekur.training.optimizer.Optimizer} is a set of
 * settings; an {@link dev.rekur.training.optimizer.OptimizerState} is what one training keeps.
 */
@NullMarked
package dev.rekur.training.optimizer;

import org.jspecify.annotations.NullMarked;
