package dev.rekur.training.variable;

import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;

/**
 * A weight while it is being trained: an array that steps write to. A training owns its variables; the model they were
 * copied from does not change.
 */
public final class Variable {
    private final String layer;
    private final WeightSpec spec;
    private final boolean trainable;
    private final float[] values;

    /**
     * @param layer name of the layer that has the weight
     * @param trainable whether gradients move it: the specification's and the layer's flags, joined
     * @param initial the value to begin with
     */
    public Variable(String layer, WeightSpec spec, boolean trainable, FloatTensor initial) {
        this.layer = layer;
        this.spec = spec;
        this.trainable = trainable;
        this.values = new float[initial.size() + Workspace.SLACK];
        initial.copyTo(0, values, 0, initial.size());
    }

    /** Name of the layer that has the weight. */
    public String layer() {
        return layer;
    }

    public WeightSpec spec() {
        return spec;
    }

    /** Layer, owner and name: {@code lstm/cell/kernel}. Unique in a model. */
    public String path() {
        return layer + "/" + spec.path();
    }

    public Shape shape() {
        return spec.shape();
    }

    /** Number of values. */
    public int size() {
        return values.length - Workspace.SLACK;
    }

    public boolean trainable() {
        return trainable;
    }

    /** The values themselves, row-major, with {@link Workspace#SLACK} floats behind: whoever trains writes here. */
    public float[] values() {
        return values;
    }

    /** The values as they are now. */
    public FloatTensor toTensor() {
        return FloatTensor.wrap(shape(), Arrays.copyOf(values, size()));
    }

    @Override
    public String toString() {
        return "variable '" + path() + "' " + shape();
    }
}
