/**
 * Optimizers of files in the words of another Keras, for those who write models. Not exported; found as a service.
 */
@NullMarked
package dev.rekur.training.translation;

import org.jspecify.annotations.NullMarked;
