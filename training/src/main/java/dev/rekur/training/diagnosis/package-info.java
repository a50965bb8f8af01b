/**
 * What goes wrong in a training, in words: rules that turn measured facts into findings, each with its evidence in numbers
 * and with what to try. Pure; measures nothing itself. Whoever shows or steers a training may use it.
 */
@NullMarked
package dev.rekur.training.diagnosis;

import org.jspecify.annotations.NullMarked;
