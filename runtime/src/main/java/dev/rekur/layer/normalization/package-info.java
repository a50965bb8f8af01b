/** Layers that normalize, over the batch or over the features of an example. Only the registry names them. */
@NullMarked
package dev.rekur.layer.normalization;

import org.jspecify.annotations.NullMarked;
