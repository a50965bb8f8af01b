/** Where everything begins: {@link dev.rekur.Rekur} loads a model, and three exceptions say why one cannot. For everyone. */
@NullMarked
package dev.rekur;

import org.jspecify.annotations.NullMarked;
