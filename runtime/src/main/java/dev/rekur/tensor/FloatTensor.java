package dev.rekur.tensor;

import java.util.Arrays;
import java.util.Objects;

/** Single-precision floats. */
public final class FloatTensor implements Tensor {
    private final Shape shape;
    private final float[] values;

    private FloatTensor(Shape shape, float[] values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * A tensor over the array itself, which the caller hands over and must not write to any more.
     *
     * @throws IllegalArgumentException if the number of values is not that of the shape
     */
    public static FloatTensor wrap(Shape shape, float[] values) {
        Objects.requireNonNull(values, "values");
        if (shape.size() != values.length) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.size() + " values, got " + values.length);
        }
        return new FloatTensor(shape, values);
    }

    /**
     * A tensor over the first elements of an array, which sees what is written to it: for arrays that one owner writes to
     * while others read, such as weights in training.
     *
     * @throws IllegalArgumentException if there are fewer values than the shape needs
     */
    public static FloatTensor view(Shape shape, float[] values) {
        if (shape.size() > values.length) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.size() + " values, got " + values.length);
        }
        return new FloatTensor(shape, values);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return DType.FLOAT;
    }

    @Override
    public int size() {
        return shape.size();
    }

    /** The element at a row-major index. */
    public float get(int index) {
        return values[index];
    }

    /** Copies {@code length} elements from row-major index {@code from} on. */
    public void copyTo(int from, float[] target, int at, int length) {
        System.arraycopy(values, from, target, at, length);
    }

    /** A copy of all elements, row-major. */
    public float[] toArray() {
        return Arrays.copyOf(values, size());
    }

    /** The same elements under another shape of equal size; of a view it is a view too. */
    public FloatTensor reshape(int... dimensions) {
        Shape other = Shape.of(dimensions);
        if (other.size() != size()) {
            throw new IllegalArgumentException("shape " + other + " needs " + other.size() + " values, got " + size());
        }
        return new FloatTensor(other, values);
    }

    /** Equal shape and equal elements, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FloatTensor that
                && shape.equals(that.shape)
                && Arrays.equals(values, 0, size(), that.values, 0, size());
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(toArray());
    }

    @Override
    public String toString() {
        return "FloatTensor" + shape;
    }
}
