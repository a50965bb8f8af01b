/** A graph with its weights, and the table that Keras prints of it. For importers and users. */
@NullMarked
package dev.rekur.model;

import org.jspecify.annotations.NullMarked;
