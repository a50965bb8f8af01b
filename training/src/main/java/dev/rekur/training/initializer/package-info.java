/** Keras's initializers: what new weights begin with. For new heads and layers. For the trainer; knows no layer and no file format. */
@NullMarked
package dev.rekur.training.initializer;

import org.jspecify.annotations.NullMarked;
