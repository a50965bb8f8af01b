/**
 * What a training moves: variables, and the way in which pieces of work on them are shared out. Uses nothing else of trainings.
 */
@NullMarked
package dev.rekur.training.variable;

import org.jspecify.annotations.NullMarked;
