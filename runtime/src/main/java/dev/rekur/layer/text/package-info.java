/**
 * Layers that turn texts into numbers: {@link dev.rekur.layer.text.TextVectorization} and {@link
 * dev.rekur.layer.text.StringLookup}, and the pieces they share.
 *
 * <p>Everything here is immutable and serves any number of threads; what a call needs belongs to the call. Texts are
 * sequences of UTF-16 characters in Java and of UTF-8 bytes in TensorFlow; the two agree on every text that Python can
 * hold. The registry and plans depend on this package; it depends on the layer contract and on tensors alone.
 */
@NullMarked
package dev.rekur.layer.text;

import org.jspecify.annotations.NullMarked;
