/** Layers that make one tensor of several. Only the registry names them. */
@NullMarked
package dev.rekur.layer.merging;

import org.jspecify.annotations.NullMarked;
