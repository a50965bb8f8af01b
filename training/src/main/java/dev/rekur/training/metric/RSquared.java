package dev.rekur.training.metric;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The share of the targets' variance that predictions explain ({@code R2Score} in {@code
 * keras/src/metrics/regression_metrics.py}, Keras 3.15.1): of each output {@code 1 - sum w (y - p)^2 / (sum w y^2 - (sum w y)^2 /
 * sum w)}, an infinite one counting 0; then their mean. Adjusted for p regressors over n numbers it is {@code 1 - (1 - r)(n - 1) /
 * (n - p - 1)}.
 *
 * @param aggregation how the outputs' scores become one
 * @param regressors number of independent regressors, or 0 for the plain score
 */
record RSquared(Aggregation aggregation, int regressors) implements MetricFunction {
    /** How the outputs' scores become one. */
    enum Aggregation {
        /** They do not: a score for each. */
        NONE,
        /** The mean. */
        UNIFORM_AVERAGE,
        /** The mean, each weighted by its targets' variance. */
        VARIANCE_WEIGHTED_AVERAGE
    }

    @Override
    public String className() {
        return "R2Score";
    }

    @Override
    public String defaultName() {
        return "r2_score";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(
                "class_aggregation",
                aggregation == Aggregation.NONE ? null : aggregation.name().toLowerCase(Locale.ROOT));
        parameters.put("num_regressors", regressors);
        return parameters;
    }

    @Override
    public boolean takesSteps() {
        return false;
    }

    @Override
    public MetricState newState() {
        return new State(this);
    }

    private static final class State implements MetricState {
        private final RSquared metric;
        private double[] sums = {};
        private double[] squares = {};
        private double[] residuals = {};
        private double[] counts = {};
        private double numbers;

        State(RSquared metric) {
            this.metric = metric;
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
            if (sums.length != features) {
                reserve(features);
            }
            for (int v = 0; v < vectors; v++) {
                double weight = weights == null ? 1 : weights[v];
                for (int j = 0; j < features; j++) {
                    double y = target[v * features + j];
                    double error = y - prediction[v * features + j];
                    sums[j] += weight * y;
                    squares[j] += weight * y * y;
                    residuals[j] += weight * error * error;
                    counts[j] += weight;
                }
            }
            numbers += (double) vectors * features;
        }

        private void reserve(int features) {
            sums = new double[features];
            squares = new double[features];
            residuals = new double[features];
            counts = new double[features];
        }

        private double total(int j) {
            return squares[j] - sums[j] * (sums[j] / counts[j]);
        }

        private double score(int j) {
            double score = 1 - residuals[j] / total(j);
            return Double.isInfinite(score) ? 0 : score;
        }

        private double adjusted(double score) {
            double left = numbers - 1 - metric.regressors;
            return metric.regressors == 0 || left <= 0 ? score : 1 - (1 - score) * (numbers - 1) / left;
        }

        @Override
        public double result() {
            if (sums.length == 0) {
                return 0;
            }
            double sum = 0;
            double divisor = 0;
            for (int j = 0; j < sums.length; j++) {
                double weight = metric.aggregation == Aggregation.VARIANCE_WEIGHTED_AVERAGE ? total(j) : 1;
                sum += weight * score(j);
                divisor += weight;
            }
            return adjusted(sum / divisor);
        }

        @Override
        public double[] results() {
            if (metric.aggregation != Aggregation.NONE || sums.length == 0) {
                return new double[] {result()};
            }
            double[] scores = new double[sums.length];
            for (int j = 0; j < scores.length; j++) {
                scores[j] = adjusted(score(j));
            }
            return scores;
        }

        @Override
        public void reset() {
            for (double[] sum : List.of(sums, squares, residuals, counts)) {
                Arrays.fill(sum, 0);
            }
            numbers = 0;
        }

        @Override
        public double[] sums() {
            return KeptSums.join(sums, squares, residuals, counts, new double[] {numbers});
        }

        @Override
        public void restore(double[] kept) {
            KeptSums.require(kept, kept.length % 4 == 1);
            reserve(kept.length / 4);
            KeptSums.split(kept, sums, squares, residuals, counts);
            numbers = kept[kept.length - 1];
        }
    }
}
