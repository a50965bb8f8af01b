/**
 * One step of a training: a plan with forward and adjoint, the shards of a batch that run it, and gradients, summed in an order
 * that no number of threads changes. Not exported.
 */
@NullMarked
package dev.rekur.training.step;

import org.jspecify.annotations.NullMarked;
