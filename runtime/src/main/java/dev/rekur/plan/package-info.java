/**
 * What plans for inference and for training have in common: the graph as it runs, buffers and where they lie, masks, and what
 * callers feed. Exported to the training alone.
 */
@NullMarked
package dev.rekur.plan;

import org.jspecify.annotations.NullMarked;
