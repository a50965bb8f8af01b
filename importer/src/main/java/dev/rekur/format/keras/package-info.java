/**
 * Keras's model files: {@code .keras} archives and directories, legacy {@code .h5}, and configurations with separate
 * weights, of Keras 2 and 3. Turns them into the runtime's graph and weights, and writes these back, for the Keras that
 * they came from or for the other one; nothing downstream knows a format.
 */
@NullMarked
package dev.rekur.format.keras;

import org.jspecify.annotations.NullMarked;
