package dev.rekur.layer;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches taken apart by rows, and put together again. */
final class Rows {
    private Rows() {}

    /** Some rows of a tensor. */
    static Tensor of(Tensor tensor, int first, int count) {
        int size = tensor.shape().rowSize();
        Shape shape = tensor.shape().withBatch(count);
        if (tensor instanceof FloatTensor floats) {
            float[] values = new float[count * size];
            floats.copyTo(first * size, values, 0, values.length);
            return FloatTensor.wrap(shape, values);
        }
        int[] values = new int[count * size];
        ((IntTensor) tensor).copyTo(first * size, values, 0, values.length);
        return IntTensor.wrap(shape, values);
    }

    /** Some rows of each tensor; what is null stays null. */
    static List<@Nullable Tensor> of(List<? extends @Nullable Tensor> tensors, int first, int count) {
        List<@Nullable Tensor> rows = new ArrayList<>();
        tensors.forEach(tensor -> rows.add(tensor == null ? null : of(tensor, first, count)));
        return rows;
    }

    /** All rows of the parts, one part after another. */
    static Tensor join(List<? extends Tensor> parts) {
        int rows = parts.stream().mapToInt(part -> part.shape().dimension(0)).sum();
        Shape shape = parts.get(0).shape().withBatch(rows);
        float[] floats = new float[shape.size()];
        int[] ints = new int[shape.size()];
        int at = 0;
        for (Tensor part : parts) {
            if (part instanceof FloatTensor values) {
                values.copyTo(0, floats, at, part.size());
            } else {
                ((IntTensor) part).copyTo(0, ints, at, part.size());
            }
            at += part.size();
        }
        return parts.get(0) instanceof FloatTensor ? FloatTensor.wrap(shape, floats) : IntTensor.wrap(shape, ints);
    }
}
