package dev.rekur.training.constraint;

/** A constraint that is ready for the weights of one shape. Used by one thread at a time. */
@FunctionalInterface
public interface Projection {
    /**
     * Projects the values in place; allocates nothing.
     *
     * @param values row-major, at least as many as the shape has
     */
    void apply(float[] values);
}
