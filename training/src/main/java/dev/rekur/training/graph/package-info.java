/**
 * A model as it is trained: its weights, what they are held to and cost, and what its outputs are scored by. Not exported.
 */
@NullMarked
package dev.rekur.training.graph;

import org.jspecify.annotations.NullMarked;
