/**
 * What Keras's {@code compile} says: the optimizer, and losses and metrics by output; read from a file's compile configuration,
 * changed by a caller, and written again. Not exported.
 */
@NullMarked
package dev.rekur.training.compile;

import org.jspecify.annotations.NullMarked;
