package dev.rekur.layer.recurrent;

import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a bias: the sum of what it was added to.
 *
 * @param gradient null if there is no bias, or it is not trained
 */
record BiasGradient(@Nullable WeightGradient gradient) {
    /** The sum of vectors is their product with ones. */
    private static final float[] ONE = {1f};

    /** Adds the sum of vectors to elements {@code first} to {@code first + columns - 1}. */
    void add(TrainingWorkspace workspace, int vectors, float[] dz, int dzAt, int dzStride, int columns, int first) {
        if (gradient != null) {
            workspace
                    .kernels()
                    .addTransposedProduct(
                            vectors,
                            ONE,
                            0,
                            0,
                            1,
                            dz,
                            dzAt,
                            dzStride,
                            columns,
                            workspace.gradient(gradient),
                            first,
                            columns);
        }
    }
}
