package dev.rekur.training.metric;

import org.jspecify.annotations.Nullable;

/**
 * What a metric has seen so far. Belongs to one thread at a time; allocates nothing once it has seen its largest batch.
 * Sums run in double.
 */
public interface MetricState {
    /**
     * Adds a batch.
     *
     * @param rows rows of the batch
     * @param vectors rows times steps. Keras's means take the mean over a row's steps first, which matters if batches differ
     *     in length
     * @param target {@code [vectors, targetFeatures]}
     * @param prediction {@code [vectors, features]}
     * @param weights what each vector counts, or null if all count 1
     */
    void update(
            int rows,
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float @Nullable [] weights);

    /** Adds a batch of one vector a row. */
    default void update(
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float @Nullable [] weights) {
        update(vectors, vectors, target, targetFeatures, prediction, features, weights);
    }

    /** The figure so far: of a metric of several, their mean, which is what Keras's progress line shows. 0 at first. */
    double result();

    /** All figures so far, as Keras's {@code History} holds them: one, unless the metric has one per class or threshold. */
    default double[] results() {
        return new double[] {result()};
    }

    /** Forgets everything. */
    void reset();

    /** All that was added up so far, for {@link #restore}; what is added later does not change it. */
    double[] sums();

    /**
     * Takes up where another left off.
     *
     * @param sums what {@link #sums} was of a state of the same metric
     * @throws dev.rekur.error.InvalidInputException if it cannot have been
     */
    void restore(double[] sums);
}
