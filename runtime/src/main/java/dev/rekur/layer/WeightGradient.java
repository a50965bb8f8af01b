package dev.rekur.layer;

/**
 * Where the gradient of a weight is added up; ask {@link TrainingWorkspace#gradient} for the array.
 *
 * @param id index of the variable in its training
 */
public record WeightGradient(int id) {}
