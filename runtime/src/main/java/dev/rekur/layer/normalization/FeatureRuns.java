package dev.rekur.layer.normalization;

import dev.rekur.tensor.Shape;

/**
 * How the features of an axis lie in a row: {@code blocks} times {@code features} times {@code run} elements that are equal but
 * for the other axes.
 *
 * @param steps elements of the last axis, what one flag of a mask is for
 */
record FeatureRuns(int blocks, int features, int run, int steps) {
    static FeatureRuns of(Shape shape, int axis) {
        int features = shape.dimension(axis);
        int run = 1;
        for (int after = axis + 1; after < shape.rank(); after++) {
            run *= shape.dimension(after);
        }
        int blocks = features * run == 0 ? 0 : shape.rowSize() / (features * run);
        return new FeatureRuns(blocks, features, run, shape.rank() < 2 ? 1 : shape.last());
    }

    int rowSize() {
        return blocks * features * run;
    }
}
