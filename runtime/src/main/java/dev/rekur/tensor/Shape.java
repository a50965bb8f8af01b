package dev.rekur.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first. The first dimension is the batch wherever a shape describes a layer's input
 * or output. A dimension that is not known before data arrives is {@link #UNKNOWN}.
 */
public final class Shape {
    /** A dimension that only the data decides. Keras writes it as {@code None}. */
    public static final int UNKNOWN = -1;

    private final int[] dimensions;

    private Shape(int[] dimensions) {
        this.dimensions = dimensions;
    }

    public static Shape of(int... dimensions) {
        int[] copy = dimensions.clone();
        for (int dimension : copy) {
            if (dimension < UNKNOWN) {
                throw new IllegalArgumentException("negative dimension in " + Arrays.toString(copy));
            }
        }
        return new Shape(copy);
    }

    public int rank() {
        return dimensions.length;
    }

    /** The extent along {@code axis}; negative axes count from the end. */
    public int dimension(int axis) {
        return dimensions[axis < 0 ? axis + dimensions.length : axis];
    }

    public int last() {
        return dimensions[dimensions.length - 1];
    }

    public int[] dimensions() {
        return dimensions.clone();
    }

    public boolean isKnown() {
        for (int dimension : dimensions) {
            if (dimension == UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /**
     * Number of elements.
     *
     * @throws ArithmeticException if it does not fit an int, or if a dimension is unknown
     */
    public int size() {
        return product(0);
    }

    /** Number of elements of one row, that is of all dimensions but the first. */
    public int rowSize() {
        return product(1);
    }

    /** The same shape with another extent along {@code axis}. */
    public Shape with(int axis, int extent) {
        int[] copy = dimensions.clone();
        copy[axis < 0 ? axis + copy.length : axis] = extent;
        return new Shape(copy);
    }

    public Shape withBatch(int batch) {
        return with(0, batch);
    }

    /** True if each dimension is equal, or unknown in one of the two. */
    public boolean isCompatibleWith(Shape other) {
        if (other.rank() != rank()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != other.dimensions[i] && dimensions[i] != UNKNOWN && other.dimensions[i] != UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    private int product(int from) {
        int product = 1;
        for (int i = from; i < dimensions.length; i++) {
            if (dimensions[i] == UNKNOWN) {
                throw new ArithmeticException("unknown dimension in " + this);
            }
            product = Math.multiplyExact(product, dimensions[i]);
        }
        return product;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dimensions);
    }

    /** For example {@code [None, 100, 128]}, unknown dimensions as Keras writes them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < dimensions.length; i++) {
            text.append(i == 0 ? "" : ", ").append(dimensions[i] == UNKNOWN ? "None" : String.valueOf(dimensions[i]));
        }
        return text.append(']').toString();
    }
}
