package dev.rekur.training.compile;

import dev.rekur.training.loss.Loss;
import org.jspecify.annotations.Nullable;

/**
 * The loss of one output.
 *
 * @param weight what it is multiplied by in the sum of all, or null for 1
 */
public record LossTerm(Loss loss, @Nullable Double weight) {}
