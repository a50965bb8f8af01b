/**
 * Layers that carry a state along time: {@link dev.rekur.layer.recurrent.RecurrentLayer} supplies a step, Recurrence walks
 * time. For the registry, and for the pass that folds embeddings.
 */
@NullMarked
package dev.rekur.layer.recurrent;

import org.jspecify.annotations.NullMarked;
