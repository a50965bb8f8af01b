package dev.rekur.training.loop;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.data.ArrayDataset;
import dev.rekur.training.data.Batch;
import java.util.Arrays;
import java.util.List;

/** Looks for numbers that no training survives, before it begins: a long one should not end at a late row. */
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

    /**
     * @throws InvalidInputException if an input that a layer looks up holds anything but ids of its tokens; says which and where
     */
    static void requireTokens(Graph graph, ArrayDataset data) {
        for (Node node : graph.nodes()) {
            for (int i = 0; i < node.inputs().size(); i++) {
                int vocabulary = node.layer().layer().vocabularySize(i);
                int input = graph.inputs().indexOf(node.inputs().get(i));
                if (vocabulary > 0 && input >= 0) {
                    requireTokens(
                            "input '" + graph.inputNames().get(input) + "'",
                            node.layer().name(),
                            vocabulary,
                            data.whole().inputs().get(input));
                }
            }
        }
    }

    private static void requireTokens(String place, String layer, int vocabulary, Tensor ids) {
        int rowSize = Math.max(1, ids.shape().withBatch(1).size());
        for (int i = 0; i < ids.size(); i++) {
            float id = ids instanceof IntTensor ints ? ints.get(i) : ((FloatTensor) ids).get(i);
            if (!(id >= 0 && id < vocabulary) || id != (int) id) {
                throw new InvalidInputException(
                        place + ", row " + i / rowSize + ", position " + i % rowSize
                                + ": expected token ids from 0 to " + (vocabulary - 1) + ", which layer '" + layer
                                + "' looks up, found "
                                + (ids instanceof IntTensor ints ? String.valueOf(ints.get(i)) : id)
                                + ". Map words that the vocabulary lacks to its out-of-vocabulary id",
                        "docs/TROUBLESHOOTING.md#token-ids");
            }
        }
    }

    private static void requireFinite(String what, List<String> names, List<? extends Tensor> tensors) {
        for (int t = 0; t < tensors.size(); t++) {
            if (!(tensors.get(t) instanceof FloatTensor floats)) {
                continue;
            }
            for (int i = 0; i < floats.size(); i++) {
                if (!Float.isFinite(floats.get(i))) {
                    throw new InvalidInputException(
                            what + " '" + (t < names.size() ? names.get(t) : t) + "': expected a finite number, found "
                                    + floats.get(i) + " at " + position(floats.shape(), i)
                                    + ". Clean the data: one such number makes every weight NaN",
                            "docs/TROUBLESHOOTING.md#not-finite");
                }
            }
        }
    }

    /** Where an element is, as NumPy indexes it: {@code [5, 2, 3]}. */
    private static String position(Shape shape, int element) {
        int[] at = new int[shape.rank()];
        int rest = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            at[axis] = rest % shape.dimension(axis);
            rest /= shape.dimension(axis);
        }
        return Arrays.toString(at);
    }
}
