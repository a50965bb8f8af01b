package dev.rekur.training.initializer;

import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Map;

/**
 * The same value everywhere.
 *
 * @param className Constant, Zeros or Ones: Keras has a class for each
 * @param value the value
 */
record Constant(String className, double value) implements Initializer {
    @Override
    public Map<String, Object> parameters() {
        return className.equals("Constant") ? Map.of("value", value) : Map.of();
    }

    @Override
    public void fill(float[] values, Shape shape, long seed) {
        Arrays.fill(values, 0, shape.size(), (float) value);
    }
}
