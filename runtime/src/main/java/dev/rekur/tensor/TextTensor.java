package dev.rekur.tensor;

import java.util.Arrays;
import java.util.Objects;

/** Texts. */
public final class TextTensor implements Tensor {
    private final Shape shape;
    private final String[] values;

    private TextTensor(Shape shape, String[] values) {
        this.shape = shape;
        this.values = values;
    }

    /**
     * A tensor over the array itself, which the caller hands over and must not write to any more.
     *
     * @throws IllegalArgumentException if the number of values is not that of the shape
     */
    public static TextTensor wrap(Shape shape, String[] values) {
        Objects.requireNonNull(values, "values");
        if (shape.size() != values.length) {
            throw new IllegalArgumentException(
                    "shape " + shape + " needs " + shape.size() + " values, got " + values.length);
        }
        return new TextTensor(shape, values);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public DType dtype() {
        return DType.TEXT;
    }

    @Override
    public int size() {
        return values.length;
    }

    /** The element at a row-major index. */
    public String get(int index) {
        return values[index];
    }

    /** Copies {@code length} elements from row-major index {@code from} on. */
    public void copyTo(int from, String[] target, int at, int length) {
        System.arraycopy(values, from, target, at, length);
    }

    /** A copy of all elements, row-major. */
    public String[] toArray() {
        return values.clone();
    }

    /** The same elements under another shape of equal size. */
    public TextTensor reshape(int... dimensions) {
        return wrap(Shape.of(dimensions), values);
    }

    /** Equal shape and equal elements, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof TextTensor that && shape.equals(that.shape) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * shape.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "TextTensor" + shape;
    }
}
