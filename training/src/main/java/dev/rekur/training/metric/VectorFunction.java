package dev.rekur.training.metric;

/** A figure of each vector, of which a metric takes the mean. */
@FunctionalInterface
interface VectorFunction {
    /**
     * @param vectors number of vectors
     * @param target {@code [vectors, targetFeatures]}
     * @param prediction {@code [vectors, features]}
     * @param values receives the figure of each vector
     */
    void evaluate(int vectors, float[] target, int targetFeatures, float[] prediction, int features, float[] values);
}
