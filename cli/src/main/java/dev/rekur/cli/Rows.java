package dev.rekur.cli;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.List;

/** Cuts tensors into batches and puts them together again. */
final class Rows {
    private Rows() {}

    /** Number of rows of a call, or 0 if the inputs have none. */
    static int count(List<Tensor> inputs) {
        return inputs.isEmpty() || inputs.get(0).shape().rank() == 0
                ? 0
                : inputs.get(0).shape().dimension(0);
    }

    /** Rows {@code [from, from + count)}; fewer where the tensor has fewer, so that the model can say so. */
    static Tensor slice(Tensor tensor, int from, int count) {
        if (tensor.shape().rank() == 0) {
            return tensor;
        }
        int available = tensor.shape().dimension(0);
        int begin = Math.min(from, available);
        int rows = Math.min(count, available - begin);
        Shape shape = tensor.shape().withBatch(rows);
        int at = begin * tensor.shape().rowSize();
        if (tensor instanceof FloatTensor floats) {
            float[] values = new float[shape.size()];
            floats.copyTo(at, values, 0, values.length);
            return FloatTensor.wrap(shape, values);
        }
        if (tensor instanceof IntTensor ints) {
            int[] values = new int[shape.size()];
            ints.copyTo(at, values, 0, values.length);
            return IntTensor.wrap(shape, values);
        }
        String[] values = new String[shape.size()];
        ((TextTensor) tensor).copyTo(at, values, 0, values.length);
        return TextTensor.wrap(shape, values);
    }

    /** Tensors of one kind, one below the other. */
    static Tensor join(List<Tensor> parts) {
        Tensor first = parts.get(0);
        if (parts.size() == 1) {
            return first;
        }
        int rows = parts.stream().mapToInt(part -> part.shape().dimension(0)).sum();
        Shape shape = first.shape().withBatch(rows);
        int at = 0;
        if (first instanceof FloatTensor) {
            float[] values = new float[shape.size()];
            for (Tensor part : parts) {
                ((FloatTensor) part).copyTo(0, values, at, part.size());
                at += part.size();
            }
            return FloatTensor.wrap(shape, values);
        }
        if (first instanceof IntTensor) {
            int[] values = new int[shape.size()];
            for (Tensor part : parts) {
                ((IntTensor) part).copyTo(0, values, at, part.size());
                at += part.size();
            }
            return IntTensor.wrap(shape, values);
        }
        String[] values = new String[shape.size()];
        for (Tensor part : parts) {
            ((TextTensor) part).copyTo(0, values, at, part.size());
            at += part.size();
        }
        return TextTensor.wrap(shape, values);
    }
}
