package dev.rekur.layer;

import dev.rekur.tensor.Shape;

/**
 * One weight of a layer: what it is called, where Keras keeps it and its shape.
 *
 * @param owner the attribute path, below the layer, of the Keras object that holds the variable: empty for the layer
 *     itself, {@code cell} for a recurrent layer, {@code forward_layer/cell} inside a Bidirectional
 * @param name Keras's name of the variable, for example {@code recurrent_kernel}
 * @param shape its shape
 * @param trainable false for statistics that training moves but gradients do not
 */
public record WeightSpec(String owner, String name, Shape shape, boolean trainable) {
    /** A trainable weight that the layer itself holds. */
    public static WeightSpec of(String name, int... shape) {
        return new WeightSpec("", name, Shape.of(shape), true);
    }

    /** A weight that is moved by training but has no gradient. */
    public static WeightSpec statistic(String name, int... shape) {
        return new WeightSpec("", name, Shape.of(shape), false);
    }

    /** The same weight, held by an object one level further down. */
    public WeightSpec within(String parent) {
        return new WeightSpec(owner.isEmpty() ? parent : parent + "/" + owner, name, shape, trainable);
    }

    /** Owner and name, unique within the layer: {@code forward_layer/cell/kernel}. */
    public String path() {
        return owner.isEmpty() ? name : owner + "/" + name;
    }
}
