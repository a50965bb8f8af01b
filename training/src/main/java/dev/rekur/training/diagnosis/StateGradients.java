package dev.rekur.training.diagnosis;

import java.util.List;

/**
 * How much of the gradient reaches each time step of a recurrent layer.
 *
 * @param norms Euclidean norm of the loss's gradient with respect to the states after each step, over a batch; mean over the
 *     batches of the last epoch that were measured; the first is the earliest step that is computed
 * @param outputs norms of the gradient with respect to the output of each step, which the layers above pass down and is part of that of
 *     the states
 */
public record StateGradients(String layer, List<Double> norms, List<Double> outputs) {
    public StateGradients {
        norms = List.copyOf(norms);
        outputs = List.copyOf(outputs);
    }

    /** Where all of the gradient comes down at the last step. */
    public StateGradients(String layer, List<Double> norms) {
        this(layer, norms, List.of());
    }
}
