/**
 * NumPy's array files, {@code .npy} and {@code .npz}, read and written: how data comes to a model and predictions leave
 * it. Depends on the tensors of the runtime and on nothing of models.
 */
@NullMarked
package dev.rekur.format.numpy;

import org.jspecify.annotations.NullMarked;
