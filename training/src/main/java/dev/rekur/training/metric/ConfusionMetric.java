package dev.rekur.training.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures of the confusion matrix, one for each threshold ({@code keras/src/metrics/confusion_metrics.py}, Keras 3.15.1).
 *
 * @param kind which figure
 * @param given thresholds as configured, or null for 0.5 (with {@code topK}, for none)
 * @param isList whether thresholds were given as a list
 * @param topK how many of a vector's highest predictions count, or null for all
 * @param classId the one class that counts, or null for all
 */
record ConfusionMetric(
        Kind kind,
        @Nullable List<Double> given,
        boolean isList,
        @Nullable Integer topK,
        @Nullable Integer classId) implements MetricFunction {
    /** Which figure. */
    enum Kind {
        TRUE_POSITIVES("TruePositives", "true_positives"),
        FALSE_POSITIVES("FalsePositives", "false_positives"),
        TRUE_NEGATIVES("TrueNegatives", "true_negatives"),
        FALSE_NEGATIVES("FalseNegatives", "false_negatives"),
        /** Share of what was predicted that is true. */
        PRECISION("Precision", "precision"),
        /** Share of what is true that was predicted. */
        RECALL("Recall", "recall");

        private final String className;
        private final String kerasName;

        Kind(String className, String kerasName) {
            this.className = className;
            this.kerasName = kerasName;
        }

        String className() {
            return className;
        }

        boolean isRate() {
            return this == PRECISION || this == RECALL;
        }
    }

    @Override
    public String className() {
        return kind.className;
    }

    @Override
    public String defaultName() {
        return kind.kerasName;
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("thresholds", given == null || isList ? given : given.get(0));
        if (kind.isRate()) {
            parameters.put("top_k", topK);
            parameters.put("class_id", classId);
        }
        return parameters;
    }

    @Override
    public MetricState newState() {
        double fallback = topK == null ? Accuracy.DEFAULT_THRESHOLD : Thresholds.LOWEST;
        Thresholds thresholds = Thresholds.of(given == null ? List.of(fallback) : given);
        return new State(kind, new ConfusionCounts(thresholds, false, topK, classId, null));
    }

    private record State(Kind kind, ConfusionCounts counts) implements MetricState {
        @Override
        public void update(
                int rows,
                int vectors,
                float[] target,
                int targetFeatures,
                float[] prediction,
                int features,
                float @Nullable [] weights) {
            counts.update(vectors, target, prediction, features, weights, false);
        }

        @Override
        public double result() {
            counts.total();
            double sum = 0;
            for (int i = 0; i < counts.thresholds(); i++) {
                sum += at(i);
            }
            return sum / counts.thresholds();
        }

        @Override
        public double[] results() {
            counts.total();
            double[] results = new double[counts.thresholds()];
            for (int i = 0; i < results.length; i++) {
                results[i] = at(i);
            }
            return results;
        }

        private double at(int threshold) {
            return switch (kind) {
                case TRUE_POSITIVES -> counts.truePositives(threshold, 0);
                case FALSE_POSITIVES -> counts.falsePositives(threshold, 0);
                case TRUE_NEGATIVES -> counts.trueNegatives(threshold, 0);
                case FALSE_NEGATIVES -> counts.falseNegatives(threshold, 0);
                case PRECISION -> counts.precision(threshold, 0);
                case RECALL -> counts.recall(threshold, 0);
            };
        }

        @Override
        public void reset() {
            counts.reset();
        }

        @Override
        public double[] sums() {
            return counts.sums();
        }

        @Override
        public void restore(double[] sums) {
            counts.restore(sums);
        }
    }
}
