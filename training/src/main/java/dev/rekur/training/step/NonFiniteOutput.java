package dev.rekur.training.step;

/**
 * The first output with NaN or infinity.
 *
 * @param layer the layer that put it out
 * @param isInput whether it is what the model was given
 * @param timeStep the earliest time step that has one, counted from 0; -1 where outputs are no sequences
 */
public record NonFiniteOutput(String layer, boolean isInput, int timeStep) {}
