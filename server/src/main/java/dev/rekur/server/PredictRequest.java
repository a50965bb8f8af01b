package dev.rekur.server;

import dev.rekur.tensor.Tensor;
import java.util.List;

/**
 * What a client asks for.
 *
 * @param byRow true for the row form ({@code instances}), false for the columnar form ({@code inputs}); the answer has
 *     the same form
 * @param inputs in the model's order, all of one batch
 */
record PredictRequest(boolean byRow, List<Tensor> inputs) {
    /** Number of rows. */
    int rows() {
        return inputs.get(0).shape().dimension(0);
    }
}
