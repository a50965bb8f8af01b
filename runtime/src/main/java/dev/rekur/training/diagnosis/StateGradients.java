package dev.rekur.training.diagnosis;

import java.util.List;

/**
 * How much of the gradient reaches each time step of a recurrent layer.
 *
 * @param norms Euclidean norm of the loss's gradient with respect to the states after each step, over a batch; mean over the
 *     batches of the last epoch that were measured; the first is the earliest step that is computed
 */
public record StateGradients(String layer, List<Double> norms) {
    public StateGradients {
        norms = List.copyOf(norms);
    }
}
