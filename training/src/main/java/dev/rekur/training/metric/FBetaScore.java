package dev.rekur.training.metric;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weighted harmonic mean of precision and recall ({@code keras/src/metrics/f_score_metrics.py}, Keras 3.15.1):
 *
 * <pre>{@code
 * (1 + beta^2) P R / (beta^2 P + R + e),     P = tp / (tp + fp + e),     R = tp / (tp + fn + e),     e = 1e-7
 * }</pre>
 *
 * <p>of each class, and the mean of those. Without a threshold the highest prediction of a vector is positive, if it is not
 * 0.
 *
 * @param isF1 whether the class is {@code F1Score}, beta being 1
 * @param average how the classes' scores become one
 * @param beta how many times recall counts as much as precision
 * @param threshold above which a prediction is positive, or null
 */
record FBetaScore(
        boolean isF1,
        Average average,
        double beta,
        @Nullable Double threshold) implements MetricFunction {
    private static final double EPSILON = 1e-7;

    /** How the classes' scores become one. */
    enum Average {
        /** They do not: a score for each class. */
        NONE,
        /** Classes are counted together. */
        MICRO,
        /** The mean. */
        MACRO,
        /** The mean, each class weighted by how often it is true. */
        WEIGHTED
    }

    @Override
    public String className() {
        return isF1 ? "F1Score" : "FBetaScore";
    }

    @Override
    public String defaultName() {
        return isF1 ? "f1_score" : "fbeta_score";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put(
                "average", average == Average.NONE ? null : average.name().toLowerCase(Locale.ROOT));
        if (!isF1) {
            parameters.put("beta", beta);
        }
        parameters.put("threshold", threshold);
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
        private final FBetaScore metric;
        private double[] truePositives = {};
        private double[] falsePositives = {};
        private double[] falseNegatives = {};
        private double[] truths = {};

        State(FBetaScore metric) {
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
            int classes = metric.average == Average.MICRO ? 1 : features;
            if (truths.length != classes) {
                reserve(classes);
            }
            for (int v = 0; v < vectors; v++) {
                int begin = v * features;
                double weight = weights == null ? 1 : weights[v];
                float bound =
                        metric.threshold == null ? highest(prediction, begin, features) : metric.threshold.floatValue();
                for (int j = 0; j < features; j++) {
                    float t = target[begin + j];
                    boolean positive = isPositive(prediction[begin + j], bound);
                    int at = classes == 1 ? 0 : j;
                    truePositives[at] += positive ? weight * t : 0;
                    falsePositives[at] += positive ? weight * (1 - t) : 0;
                    falseNegatives[at] += positive ? 0 : weight * t;
                    truths[at] += weight * t;
                }
            }
        }

        private void reserve(int classes) {
            truePositives = new double[classes];
            falsePositives = new double[classes];
            falseNegatives = new double[classes];
            truths = new double[classes];
        }

        private boolean isPositive(float p, float bound) {
            return metric.threshold == null ? p >= bound && Math.abs(p) > 1e-9f : p > bound;
        }

        @Override
        public double result() {
            if (truths.length == 0) {
                return 0;
            }
            double all = EPSILON;
            for (double truth : truths) {
                all += truth;
            }
            double sum = 0;
            for (int j = 0; j < truths.length; j++) {
                sum += score(j) * (metric.average == Average.WEIGHTED ? truths[j] / all : 1.0 / truths.length);
            }
            return sum;
        }

        @Override
        public double[] results() {
            if (metric.average != Average.NONE || truths.length == 0) {
                return new double[] {result()};
            }
            double[] scores = new double[truths.length];
            for (int j = 0; j < scores.length; j++) {
                scores[j] = score(j);
            }
            return scores;
        }

        private double score(int j) {
            double precision = truePositives[j] / (truePositives[j] + falsePositives[j] + EPSILON);
            double recall = truePositives[j] / (truePositives[j] + falseNegatives[j] + EPSILON);
            double square = metric.beta * metric.beta;
            return precision * recall / (square * precision + recall + EPSILON) * (1 + square);
        }

        @Override
        public void reset() {
            for (double[] counts : List.of(truePositives, falsePositives, falseNegatives, truths)) {
                Arrays.fill(counts, 0);
            }
        }

        @Override
        public double[] sums() {
            return KeptSums.join(truePositives, falsePositives, falseNegatives, truths);
        }

        @Override
        public void restore(double[] sums) {
            KeptSums.require(sums, sums.length % 4 == 0);
            reserve(sums.length / 4);
            KeptSums.split(sums, truePositives, falsePositives, falseNegatives, truths);
        }

        private static float highest(float[] values, int begin, int count) {
            float highest = Float.NEGATIVE_INFINITY;
            for (int i = begin; i < begin + count; i++) {
                highest = Math.max(highest, values[i]);
            }
            return highest;
        }
    }
}
