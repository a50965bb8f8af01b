/** Keras's regularizers: what weights cost, and the gradient of that. For the trainer; knows no layer and no file format. */
@NullMarked
package dev.rekur.training.regularizer;

import org.jspecify.annotations.NullMarked;
