/**
 * Arithmetic on arrays of floats: matrix products, activations, sums.
 *
 * <p>Everything numerical in Rekur goes through {@link dev.rekur.kernel.Kernels}, so that faster providers can stand in for
 * {@link dev.rekur.kernel.ScalarKernels}. Layers and plans depend on this package; it depends on tensors alone.
 */
@NullMarked
package dev.rekur.kernel;

import org.jspecify.annotations.NullMarked;
