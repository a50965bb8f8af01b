/**
 * Learning rates: a number, or a schedule that gives one for each step, as {@code keras.optimizers.schedules} has them.
 * Optimizers use them; they know nothing of optimizers.
 */
@NullMarked
package dev.rekur.training.optimizer.schedule;

import org.jspecify.annotations.NullMarked;
