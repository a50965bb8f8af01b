package dev.rekur.layer;

import java.util.List;

/**
 * A layer's part in a training step.
 *
 * @param forward what computes the outputs as they are in training, and keeps what the adjoint reads
 * @param backward the adjoint: reads gradients with respect to outputs, writes those with respect to inputs, adds to those of
 *     weights
 */
public record LayerTraining(List<TrainingOperation> forward, List<TrainingOperation> backward) {
    public LayerTraining {
        forward = List.copyOf(forward);
        backward = List.copyOf(backward);
    }

    /** A layer that no gradient passes. */
    public static LayerTraining withoutGradient(Operation forward) {
        return new LayerTraining(List.of((TrainingOperation.EachShard) forward::run), List.of());
    }

    /** A layer whose rows know nothing of each other. */
    public static LayerTraining of(Operation forward, TrainingOperation.EachShard backward) {
        return new LayerTraining(List.of((TrainingOperation.EachShard) forward::run), List.of(backward));
    }
}
