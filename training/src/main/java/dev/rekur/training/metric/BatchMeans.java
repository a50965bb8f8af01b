package dev.rekur.training.metric;

import org.jspecify.annotations.Nullable;

/**
 * A metric as Keras before 2.3 takes it ({@code weighted_masked_objective} in {@code keras/engine/training_utils.py}, Keras 2.2.4): of
 * each batch {@code sum(w f) / n}, which is not divided by the sum of the weights, and of the batches the mean over their rows.
 */
public final class BatchMeans implements MetricState {
    private final MetricState batch;
    private final RunningMean mean = new RunningMean();

    /**
     * Means of what a metric gives for each batch by itself.
     *
     * @param batch the metric, which is the mean of a function
     */
    public BatchMeans(MetricState batch) {
        this.batch = batch;
    }

    @Override
    public void update(
            int rows,
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float @Nullable [] weights) {
        batch.reset();
        batch.update(rows, vectors, target, targetFeatures, prediction, features, weights);
        mean.add(batch.result() * meanWeight(vectors, weights), rows);
    }

    private static double meanWeight(int vectors, float @Nullable [] weights) {
        if (weights == null || vectors == 0) {
            return 1;
        }
        double sum = 0;
        for (int v = 0; v < vectors; v++) {
            sum += weights[v];
        }
        return sum / vectors;
    }

    @Override
    public double result() {
        return mean.result();
    }

    @Override
    public void reset() {
        mean.reset();
    }

    @Override
    public double[] sums() {
        return new double[] {mean.total(), mean.count()};
    }

    @Override
    public void restore(double[] sums) {
        KeptSums.require(sums, sums.length == 2);
        mean.restore(sums[0], sums[1]);
    }
}
