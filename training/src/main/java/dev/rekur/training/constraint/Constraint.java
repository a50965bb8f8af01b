package dev.rekur.training.constraint;

import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A projection of a weight onto what is allowed, made after each step of a training.
 *
 * <p>Follows {@code keras/src/constraints/constraints.py}, Keras 3.15, in single precision. {@link Constraints} reads them.
 */
public sealed interface Constraint permits MaxNorm, MinMaxNorm, NonNeg, UnitNorm {
    /**
     * Prepares for a weight, with memory for what the norms need.
     *
     * @throws dev.rekur.error.InvalidInputException if an axis is not one of the shape's
     */
    Projection on(Shape shape);

    /**
     * Projects the values, row-major, in place.
     *
     * @throws dev.rekur.error.InvalidInputException if an axis is not one of the shape's
     */
    default void apply(float[] values, Shape shape) {
        on(shape).apply(values);
    }

    /** Keras's name. */
    default String className() {
        return getClass().getSimpleName();
    }

    /** Keras's configuration, complete. */
    Map<String, Object> config();

    /** What Keras writes into a file: {@code {module, class_name, config, registered_name}}. */
    default Map<String, Object> serialized() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.constraints");
        object.put("class_name", className());
        object.put("config", config());
        object.put("registered_name", null);
        return object;
    }
}
