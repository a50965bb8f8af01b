package dev.rekur.tensor;

/** An immutable array of numbers or texts with a shape, row-major. */
public sealed interface Tensor permits FloatTensor, IntTensor, TextTensor {
    Shape shape();

    DType dtype();

    /** Number of elements. */
    default int size() {
        return shape().size();
    }

    /** Floats of the given shape; the values are copied. */
    static FloatTensor of(float[] values, int... shape) {
        requireShape(values.length, shape);
        return FloatTensor.wrap(Shape.of(shape), values.clone());
    }

    /** Token ids of the given shape; the values are copied. */
    static IntTensor of(int[] values, int... shape) {
        requireShape(values.length, shape);
        return IntTensor.wrap(Shape.of(shape), values.clone());
    }

    private static void requireShape(int values, int... shape) {
        if (shape.length == 0 && values != 1) {
            throw new IllegalArgumentException("expected a shape after the values, such as Tensor.of(values, " + values
                    + ") or Tensor.of(values, rows, columns), found none for " + values + " values");
        }
    }

    /** Token ids, {@code [batch, time]}. */
    static IntTensor of(int[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        int[] values = new int[Math.multiplyExact(rows.length, columns)];
        for (int row = 0; row < rows.length; row++) {
            requireLength(rows[row].length, columns, row);
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        return IntTensor.wrap(Shape.of(rows.length, columns), values);
    }

    /** Floats, {@code [batch, features]}. */
    static FloatTensor of(float[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        float[] values = new float[Math.multiplyExact(rows.length, columns)];
        for (int row = 0; row < rows.length; row++) {
            requireLength(rows[row].length, columns, row);
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        return FloatTensor.wrap(Shape.of(rows.length, columns), values);
    }

    /** Floats, {@code [batch, time, features]}. */
    static FloatTensor of(float[][][] sequences) {
        int time = sequences.length == 0 ? 0 : sequences[0].length;
        int features = time == 0 ? 0 : sequences[0][0].length;
        float[] values = new float[Math.multiplyExact(Math.multiplyExact(sequences.length, time), features)];
        int at = 0;
        for (int row = 0; row < sequences.length; row++) {
            requireLength(sequences[row].length, time, row);
            for (float[] step : sequences[row]) {
                requireLength(step.length, features, row);
                System.arraycopy(step, 0, values, at, features);
                at += features;
            }
        }
        return FloatTensor.wrap(Shape.of(sequences.length, time, features), values);
    }

    /** Texts, {@code [batch]}. */
    static TextTensor of(String... texts) {
        return TextTensor.wrap(Shape.of(texts.length), texts.clone());
    }

    private static void requireLength(int found, int expected, int row) {
        if (found != expected) {
            throw new IllegalArgumentException("row " + row + " has " + found + " elements, row 0 has " + expected
                    + ": rows must be equally long");
        }
    }
}
