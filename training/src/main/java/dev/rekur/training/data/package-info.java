/**
 * What trainings are fed with: datasets, batches of rows, and the order of rows.
 */
@NullMarked
package dev.rekur.training.data;

import org.jspecify.annotations.NullMarked;
