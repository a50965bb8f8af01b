package dev.rekur.training.initializer;

import dev.rekur.tensor.Shape;
import java.util.Map;

/**
 * What a new weight begins with. Follows {@code keras/src/initializers}, Keras 3.15.1: the same distributions, not the same
 * random numbers. Implementations are immutable; equal seeds give equal values.
 */
public interface Initializer {
    /** The class in Keras: {@code GlorotUniform}. */
    String className();

    /** Keras's configuration. */
    Map<String, Object> parameters();

    /**
     * Sets the values of a weight.
     *
     * @param values receives them, row-major; at least as long as the shape has elements
     * @param shape the weight's shape
     * @param seed which random numbers; each weight needs one of its own, see {@link
     *     dev.rekur.kernel.RandomNumbers#key}
     * @throws dev.rekur.error.InvalidInputException if it cannot be had of such a shape
     */
    void fill(float[] values, Shape shape, long seed);
}
