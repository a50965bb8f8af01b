/** Layers connected by calls, immutable. For importers, models and plans; knows no weights and no arithmetic. */
@NullMarked
package dev.rekur.graph;

import org.jspecify.annotations.NullMarked;
