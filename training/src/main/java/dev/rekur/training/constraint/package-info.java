/**
 * What weights must obey after each step of a training, as {@code keras.constraints} has it. Optimizers apply them; layers'
 * configurations name them.
 */
@NullMarked
package dev.rekur.training.constraint;

import org.jspecify.annotations.NullMarked;
