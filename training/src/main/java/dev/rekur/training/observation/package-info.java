/**
 * Watches a training at work, and tells the {@link dev.rekur.training.diagnosis diagnosis} what it saw; changes nothing. Not exported.
 */
@NullMarked
package dev.rekur.training.observation;

import org.jspecify.annotations.NullMarked;
