/** Keras's basic layers, one file each. For graphs and passes; other layers take only what all of them share. */
@NullMarked
package dev.rekur.layer.core;

import org.jspecify.annotations.NullMarked;
