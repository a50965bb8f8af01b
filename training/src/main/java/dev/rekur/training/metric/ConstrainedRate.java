package dev.rekur.training.metric;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The best that one rate can be, over thresholds from 0 to 1, while another is at least a given value ({@code
 * keras/src/metrics/confusion_metrics.py}, Keras 3.15.1); 0 if no threshold will do.
 *
 * @param kind which rates
 * @param value what the other must at least be
 * @param thresholds how many are tried
 * @param classId the one class that counts, or null for all
 */
record ConstrainedRate(
        Kind kind, double value, int thresholds, @Nullable Integer classId) implements MetricFunction {
    /** Which rate under which constraint. */
    enum Kind {
        SENSITIVITY_AT_SPECIFICITY("SensitivityAtSpecificity", "sensitivity_at_specificity", "specificity"),
        SPECIFICITY_AT_SENSITIVITY("SpecificityAtSensitivity", "specificity_at_sensitivity", "sensitivity"),
        PRECISION_AT_RECALL("PrecisionAtRecall", "precision_at_recall", "recall"),
        RECALL_AT_PRECISION("RecallAtPrecision", "recall_at_precision", "precision");

        private final String className;
        private final String kerasName;
        private final String constraint;

        Kind(String className, String kerasName, String constraint) {
            this.className = className;
            this.kerasName = kerasName;
            this.constraint = constraint;
        }

        String className() {
            return className;
        }

        /** The key of the value in Keras's configuration. */
        String constraint() {
            return constraint;
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
        parameters.put("class_id", classId);
        parameters.put("num_thresholds", thresholds);
        parameters.put(kind.constraint, value);
        return parameters;
    }

    @Override
    public MetricState newState() {
        Thresholds bounds = Thresholds.dividing(thresholds, false);
        return new State(kind, (float) value, new ConfusionCounts(bounds, false, null, classId, null));
    }

    private record State(Kind kind, float value, ConfusionCounts counts) implements MetricState {
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
            double best = 0;
            for (int i = 0; i < counts.thresholds(); i++) {
                // rounded as Keras has it, so that a rate equal to the value is not missed
                if ((float) constrained(i) >= value) {
                    best = Math.max(best, wanted(i));
                }
            }
            return best;
        }

        private double constrained(int i) {
            return switch (kind) {
                case SENSITIVITY_AT_SPECIFICITY -> counts.specificity(i, 0);
                case SPECIFICITY_AT_SENSITIVITY, PRECISION_AT_RECALL -> counts.recall(i, 0);
                case RECALL_AT_PRECISION -> counts.precision(i, 0);
            };
        }

        private double wanted(int i) {
            return switch (kind) {
                case SENSITIVITY_AT_SPECIFICITY, RECALL_AT_PRECISION -> counts.recall(i, 0);
                case SPECIFICITY_AT_SENSITIVITY -> counts.specificity(i, 0);
                case PRECISION_AT_RECALL -> counts.precision(i, 0);
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
