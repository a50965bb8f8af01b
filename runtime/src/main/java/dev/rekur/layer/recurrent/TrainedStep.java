package dev.rekur.layer.recurrent;

import dev.rekur.layer.TrainingWorkspace;

/** One step of a recurrent layer in training, and its adjoint, bound to a {@link Tape}. */
public interface TrainedStep {
    /** Draws what recurrent dropout silences. */
    void draw(TrainingWorkspace workspace, int rows);

    /** Computes the states after a step from those before it and from its projected input. */
    void forward(TrainingWorkspace workspace, int rows, int step);

    /**
     * Goes back over a step: the tape's gradients, with respect to the states after it, become those with respect to the states
     * before it; the gradient with respect to its projected input is left where that was.
     *
     * @param more what is to be added to the gradient with respect to the output state before the step
     * @param moreAt where row 0 of it begins
     * @param moreStride distance from one row to the next; 0 if all rows have the same
     */
    void backward(TrainingWorkspace workspace, int rows, int step, float[] more, int moreAt, int moreStride);

    /** Takes back what a step contributes to gradients of weights for a row that is masked there. */
    void silence(TrainingWorkspace workspace, int rows, int step, int row);

    /** Adds to the gradients of recurrent weights and biases, once backward has walked all steps. */
    void addGradients(TrainingWorkspace workspace, int rows);
}
