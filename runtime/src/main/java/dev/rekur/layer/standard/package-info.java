/** Which layers there are. */
@NullMarked
package dev.rekur.layer.standard;

import org.jspecify.annotations.NullMarked;
