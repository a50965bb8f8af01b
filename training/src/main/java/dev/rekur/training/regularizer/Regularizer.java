package dev.rekur.training.regularizer;

import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What weights cost, added to the loss of each batch. Follows {@code keras/src/regularizers/regularizers.py}, Keras 3.15.1.
 * Sums run in double, in ascending order. Implementations are immutable and allocate nothing.
 */
public interface Regularizer {
    /** The class in Keras: {@code L2}. */
    String className();

    /** Keras's configuration. */
    Map<String, Object> parameters();

    /**
     * The cost.
     *
     * @param weights the values of a weight, row-major; what lies behind them is not looked at
     * @param shape its shape
     */
    double value(float[] weights, Shape shape);

    /**
     * Adds the derivative of {@link #value} by each weight.
     *
     * @param gradient as long as {@code weights}, or longer
     */
    void addGradient(float[] weights, Shape shape, float[] gradient);

    /**
     * Whether it can be had of weights of a shape.
     *
     * @throws dev.rekur.error.InvalidInputException if not
     */
    default void check(String weight, Shape shape) {}

    /** As Keras serializes it. */
    default Map<String, Object> serialized() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.regularizers");
        object.put("class_name", className());
        object.put("config", parameters());
        object.put("registered_name", null);
        return object;
    }
}
