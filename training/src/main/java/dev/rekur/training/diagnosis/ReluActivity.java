package dev.rekur.training.diagnosis;

/**
 * How many units of a layer with relu are dead.
 *
 * @param deadFraction fraction of the units that were 0 for all inputs of the last epoch
 * @param inputs how many inputs that were; time steps count each
 */
public record ReluActivity(String layer, int units, double deadFraction, long inputs) {}
