package dev.rekur.cli;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tensors as text: nested lists for JSON, and a table for people. */
final class TensorText {
    private static final int ROWS = 20;
    private static final int VALUES = 8;

    private TensorText() {}

    /** The elements as lists within lists. */
    static Object nested(Tensor tensor) {
        return nested(tensor, 0, new int[1]);
    }

    private static Object nested(Tensor tensor, int axis, int[] at) {
        if (axis == tensor.shape().rank()) {
            return element(tensor, at[0]++);
        }
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < tensor.shape().dimension(axis); i++) {
            list.add(nested(tensor, axis + 1, at));
        }
        return list;
    }

    private static Object element(Tensor tensor, int index) {
        if (tensor instanceof FloatTensor floats) {
            return floats.get(index);
        }
        return tensor instanceof IntTensor ints ? (Object) ints.get(index) : ((TextTensor) tensor).get(index);
    }

    /**
     * A heading, then a line for each row of the batch; what is too much for a screen is counted, not shown.
     *
     * @param labels names of the values on the last axis; empty if they have none
     * @param classes the class of each row, or classes of each of its steps; null if they have no names
     */
    static String table(String name, Tensor tensor, List<String> labels, @Nullable TextTensor classes) {
        Shape shape = tensor.shape();
        StringBuilder text = new StringBuilder(name).append("  ").append(type(tensor));
        text.append(' ').append(shape).append('\n');
        if (classes != null && shape.rank() == 2 && shape.last() > 1) {
            text.append(" ".repeat(6));
            labels.stream().limit(VALUES).forEach(label -> text.append(String.format(Locale.ROOT, "  %12s", label)));
            text.append("  class\n");
        }
        int rows = shape.rank() == 0 ? 1 : shape.dimension(0);
        int rowSize = shape.rank() == 0 ? 1 : shape.rowSize();
        for (int row = 0; row < Math.min(rows, ROWS); row++) {
            text.append(String.format(Locale.ROOT, "%6d", row));
            for (int i = 0; i < Math.min(rowSize, VALUES); i++) {
                text.append("  ").append(padded(tensor, row * rowSize + i));
            }
            text.append(rowSize > VALUES ? "  ... " + (rowSize - VALUES) + " more" : "")
                    .append(classes == null ? "" : classes(classes, row))
                    .append('\n');
        }
        return rows <= ROWS
                ? text.toString()
                : text.append("  ... ")
                        .append(rows - ROWS)
                        .append(" more rows\n")
                        .toString();
    }

    private static String classes(TextTensor classes, int row) {
        int size = classes.shape().rowSize();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(size, VALUES); i++) {
            text.append("  ").append(classes.get(row * size + i));
        }
        return text.append(size > VALUES ? "  ..." : "").toString();
    }

    private static String type(Tensor tensor) {
        return tensor instanceof FloatTensor ? "float32" : tensor instanceof IntTensor ? "int64" : "text";
    }

    private static String padded(Tensor tensor, int index) {
        if (tensor instanceof FloatTensor floats) {
            return String.format(Locale.ROOT, "%12s", number(floats.get(index)));
        }
        return tensor instanceof IntTensor ints
                ? String.format(Locale.ROOT, "%8d", ints.get(index))
                : "'" + ((TextTensor) tensor).get(index) + "'";
    }

    private static String number(float value) {
        float size = Math.abs(value);
        boolean plain = size == 0 || size >= 1e-4f && size < 1e6f;
        return plain
                ? String.format(Locale.ROOT, "%.6f", value)
                : Float.isFinite(value) ? String.format(Locale.ROOT, "%.5e", value) : String.valueOf(value);
    }
}
