package dev.rekur.layer.merging;

import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How merging layers make unequal shapes equal: a dimension of 1 is repeated; a shape of lower rank gets dimensions of 1
 * right after the batch.
 */
final class Broadcast {
    private Broadcast() {}

    /** The common shape. */
    static Shape shape(List<Shape> inputs) {
        if (inputs.size() < 2) {
            throw new ShapeMismatchException(
                    "expected two inputs or more, found " + inputs.size(), "Merge at least two tensors.");
        }
        int rank = inputs.stream().mapToInt(Shape::rank).max().orElseThrow();
        int[] common = align(inputs.get(0), rank);
        for (Shape input : inputs.subList(1, inputs.size())) {
            int[] dimensions = align(input, rank);
            for (int axis = 0; axis < rank; axis++) {
                common[axis] = common(common[axis], dimensions[axis], inputs);
            }
        }
        return Shape.of(common);
    }

    private static int common(int a, int b, List<Shape> inputs) {
        if (a == b || b == 1) {
            return a;
        }
        if (a == 1) {
            return b;
        }
        if (a == Shape.UNKNOWN || b == Shape.UNKNOWN) {
            return Math.max(a, b); // the known one; data that differs is refused when it comes
        }
        throw new ShapeMismatchException(
                "inputs of shapes " + inputs + " cannot be merged", "Give them equal dimensions, or dimensions of 1.");
    }

    private static int[] align(Shape shape, int rank) {
        int[] dimensions = new int[rank];
        Arrays.fill(dimensions, 1);
        int missing = rank - shape.rank();
        dimensions[0] = shape.dimension(0);
        for (int axis = 1; axis < shape.rank(); axis++) {
            dimensions[missing + axis] = shape.dimension(axis);
        }
        return dimensions;
    }

    /**
     * For each element of a row of the output, the element of a row of the input that it takes.
     *
     * @return null if they are the same
     */
    static int @Nullable [] sources(Shape input, Shape output) {
        int rank = output.rank();
        int[] dimensions = align(input, rank);
        int[] strides = new int[rank];
        int stride = 1;
        boolean same = true;
        for (int axis = rank - 1; axis > 0; axis--) {
            strides[axis] = dimensions[axis] == 1 ? 0 : stride;
            stride *= dimensions[axis];
            same &= dimensions[axis] == output.dimension(axis);
        }
        if (same) {
            return null;
        }
        int[] sources = new int[output.rowSize()];
        for (int i = 0; i < sources.length; i++) {
            int rest = i;
            for (int axis = rank - 1; axis > 0; axis--) {
                sources[i] += rest % output.dimension(axis) * strides[axis];
                rest /= output.dimension(axis);
            }
        }
        return sources;
    }
}
