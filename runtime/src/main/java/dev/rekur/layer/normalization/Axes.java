package dev.rekur.layer.normalization;

import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.List;

/** Axes of a shape, and the groups of elements that lie along them. */
final class Axes {
    private Axes() {}

    /** The axes counted from the front, ascending. */
    static List<Integer> resolve(List<Integer> axes, Shape shape) {
        List<Integer> resolved = axes.stream()
                .map(axis -> axis < 0 ? axis + shape.rank() : axis)
                .sorted()
                .distinct()
                .toList();
        if (resolved.isEmpty()) {
            throw new ShapeMismatchException("'axis' names no axis of the input " + shape, "Choose at least one axis.");
        }
        for (int axis : resolved) {
            if (axis < 1 || axis >= shape.rank()) {
                throw new ShapeMismatchException(
                        "axis " + axes + " does not exist in the input " + shape + ", or is the batch",
                        "Choose an axis from 1 to " + (shape.rank() - 1) + ".");
            }
        }
        return resolved;
    }

    /** The groups of elements of a row that differ only along the axes. */
    static Groups groups(List<Integer> axes, Shape shape) {
        int rank = shape.rank();
        int first = axes.get(0);
        boolean contiguous = axes.size() == rank - first;
        int size = 1;
        for (int axis : axes) {
            size *= shape.dimension(axis);
        }
        int rowSize = shape.rowSize();
        if (contiguous) {
            return new Groups(size, true, new int[0], new int[0]);
        }
        int[] starts = new int[size == 0 ? 0 : rowSize / size];
        int[] offsets = new int[size];
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis > 0; axis--) {
            strides[axis] = stride;
            stride *= shape.dimension(axis);
        }
        int startCount = 0;
        int offsetCount = 0;
        for (int i = 0; i < rowSize; i++) {
            boolean onlyAxes = true;
            boolean noAxes = true;
            for (int axis = 1; axis < rank; axis++) {
                boolean zero = i / strides[axis] % shape.dimension(axis) == 0;
                if (axes.contains(axis)) {
                    noAxes &= zero;
                } else {
                    onlyAxes &= zero;
                }
            }
            if (noAxes) {
                starts[startCount++] = i;
            }
            if (onlyAxes) {
                offsets[offsetCount++] = i;
            }
        }
        return new Groups(size, false, starts, offsets);
    }

    /**
     * Groups of a row.
     *
     * @param size elements of a group
     * @param contiguous whether groups lie one after the other, and elements too; then the rest is empty
     * @param starts where each group begins
     * @param offsets where each element of a group lies, from its beginning on, in row-major order of the axes
     */
    record Groups(int size, boolean contiguous, int[] starts, int[] offsets) {

        void gather(int group, float[] row, int rowAt, float[] target, int at) {
            for (int j = 0; j < size; j++) {
                target[at + j] = row[rowAt + starts[group] + offsets[j]];
            }
        }

        void scatter(int group, float[] source, int at, float[] row, int rowAt) {
            for (int j = 0; j < size; j++) {
                row[rowAt + starts[group] + offsets[j]] = source[at + j];
            }
        }
    }
}
