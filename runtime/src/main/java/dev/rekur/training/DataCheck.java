package dev.rekur.training;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.util.List;

/** Looks for numbers that no training survives, before it begins. */
final class DataCheck {
    private DataCheck() {}

    /**
     * @throws InvalidInputException if an input, target or weight is NaN or infinite; says which and where
     */
    static void requireFinite(Graph graph, ArrayDataset data) {
        Batch whole = data.whole();
        requireFinite("input", graph.inputNames(), whole.inputs());
        requireFinite("targets of output", graph.outputNames(), whole.targets());
        requireFinite("sample weights of output", graph.outputNames(), whole.weights());
    }

    private static void requireFinite(String what, List<String> names, List<? extends Tensor> tensors) {
        for (int t = 0; t < tensors.size(); t++) {
            if (!(tensors.get(t) instanceof FloatTensor floats)) {
                continue;
            }
            int rowSize = Math.max(1, floats.shape().withBatch(1).size());
            for (int i = 0; i < floats.size(); i++) {
                if (!Float.isFinite(floats.get(i))) {
                    throw new InvalidInputException(what + " '" + (t < names.size() ? names.get(t) : t) + "', row "
                            + i / rowSize + ", element " + i % rowSize + ": expected a finite number, found "
                            + floats.get(i) + ". Clean the data: one such number makes every weight NaN;"
                            + " docs/TROUBLESHOOTING.md#not-finite");
                }
            }
        }
    }
}
