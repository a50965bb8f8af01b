package dev.rekur.training.constraint;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Shape;
import java.util.Arrays;

/**
 * Scales a weight by what its Euclidean norms along some of its axes ask for.
 *
 * <p>Each element belongs to a group, that of its indices along the axes that stay. Elements are visited in the order in
 * which they lie; squares are summed in double precision and rounded once.
 */
final class Norms implements Projection {
    /** {@code keras.config.epsilon()}. */
    static final float EPSILON = 1e-7f;

    private final Scale scale;
    private final int[] extents;

    /** How far apart groups are along each axis; 0 along those that the norm is taken over. */
    private final int[] strides;

    private final int[] index;
    private final double[] squares;
    private final float[] factors;

    /** What becomes of the values of a group, given their norm. */
    @FunctionalInterface
    interface Scale {
        /** The number that each value of a group meets. */
        float factor(float norm);

        /** A value and the factor of its group, joined. */
        default float apply(float value, float factor) {
            return value * factor;
        }
    }

    /**
     * @throws InvalidInputException if an axis is not one of the shape's
     */
    Norms(Shape shape, NormAxes axes, Scale scale) {
        this.scale = scale;
        extents = shape.rank() == 0 ? new int[] {1} : shape.dimensions();
        boolean[] summed = new boolean[extents.length];
        Arrays.fill(summed, axes.axes() == null);
        for (int axis : axes.axes() == null ? Arrays.<Integer>asList() : axes.axes()) {
            if (axis < -extents.length || axis >= extents.length) {
                throw new InvalidInputException("constraint along axis " + axis + " of a weight of shape " + shape
                        + ": expected an axis from " + -extents.length + " to " + (extents.length - 1));
            }
            summed[axis < 0 ? axis + extents.length : axis] = true;
        }
        strides = new int[extents.length];
        int groups = 1;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            if (!summed[axis]) {
                strides[axis] = groups;
                groups *= extents[axis];
            }
        }
        index = new int[extents.length];
        squares = new double[groups];
        factors = new float[groups];
    }

    @Override
    public void apply(float[] values) {
        Arrays.fill(squares, 0);
        int length = extents[extents.length - 1];
        int stride = strides[strides.length - 1];
        int at = 0;
        for (int group = first(); group >= 0; group = next(), at += length) {
            for (int i = 0; i < length; i++) {
                squares[group + i * stride] += (double) values[at + i] * values[at + i];
            }
        }
        for (int group = 0; group < factors.length; group++) {
            factors[group] = scale.factor((float) Math.sqrt((float) squares[group]));
        }
        at = 0;
        for (int group = first(); group >= 0; group = next(), at += length) {
            for (int i = 0; i < length; i++) {
                values[at + i] = scale.apply(values[at + i], factors[group + i * stride]);
            }
        }
    }

    /** The group of the first row along the last axis; -1 if there are no rows. */
    private int first() {
        Arrays.fill(index, 0);
        for (int extent : extents) {
            if (extent == 0) {
                return -1;
            }
        }
        return 0;
    }

    /** The group of the next row along the last axis; -1 after the last. */
    private int next() {
        for (int axis = extents.length - 2; axis >= 0; axis--) {
            if (++index[axis] < extents[axis]) {
                return group();
            }
            index[axis] = 0;
        }
        return -1;
    }

    private int group() {
        int group = 0;
        for (int axis = 0; axis < index.length; axis++) {
            group += index[axis] * strides[axis];
        }
        return group;
    }
}
