/**
 * What is kept of a training so that another goes on with it: backups on disk, and the state of the optimizer in a model's file. Not
 * exported.
 */
@NullMarked
package dev.rekur.training.checkpoint;

import org.jspecify.annotations.NullMarked;
