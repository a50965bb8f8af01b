/** Operations of {@code keras.ops} that Functional files have for layers. For the registry and for plans. */
@NullMarked
package dev.rekur.layer.operation;

import org.jspecify.annotations.NullMarked;
