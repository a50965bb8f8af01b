package dev.rekur.training.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The area under the receiver's curve or under precision over recall ({@code AUC} in {@code
 * keras/src/metrics/confusion_metrics.py}, Keras 3.15.1), a sum of rectangles between neighbouring thresholds:
 *
 * <pre>{@code
 * sum (x[i] - x[i + 1]) h(y[i], y[i + 1])
 * ROC   x = fp / (fp + tn),  y = tp / (tp + fn)
 * PR    x = tp / (tp + fn),  y = tp / (tp + fp)
 * }</pre>
 *
 * <p>with h the mean, the lesser or the greater of the two. PR with interpolation takes true positives, not precision, for
 * linear between thresholds: Davis and Goadrich, ICML 2006.
 *
 * @param bounds the thresholds
 * @param given thresholds as configured, or null
 * @param curve which curve
 * @param summation what h is
 * @param multiLabel whether the result is the mean of the areas of the labels, in place of the area of all together
 * @param labelWeights weights of the labels, or null
 * @param readsLogits whether a sigmoid is to be taken first
 */
record AreaUnderCurve(
        Thresholds bounds,
        @Nullable List<Double> given,
        Curve curve,
        Summation summation,
        boolean multiLabel,
        @Nullable List<Double> labelWeights,
        boolean readsLogits)
        implements MetricFunction {
    /** Which curve. */
    enum Curve {
        ROC,
        PR
    }

    /** The height of a rectangle. */
    enum Summation {
        INTERPOLATION("interpolation"),
        MAJORING("majoring"),
        MINORING("minoring");

        private final String kerasName;

        Summation(String kerasName) {
            this.kerasName = kerasName;
        }

        double height(double a, double b) {
            return switch (this) {
                case INTERPOLATION -> (a + b) / 2;
                case MAJORING -> Math.max(a, b);
                case MINORING -> Math.min(a, b);
            };
        }
    }

    @Override
    public String className() {
        return "AUC";
    }

    @Override
    public String defaultName() {
        return "auc";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("num_thresholds", bounds.count());
        parameters.put("curve", curve.name());
        parameters.put("summation_method", summation.kerasName);
        parameters.put("multi_label", multiLabel);
        parameters.put("num_labels", null);
        parameters.put("label_weights", labelWeights);
        parameters.put("from_logits", readsLogits);
        if (given != null) {
            parameters.put("thresholds", given);
        }
        return parameters;
    }

    @Override
    public boolean takesSteps() {
        return !multiLabel;
    }

    @Override
    public MetricState newState() {
        // the labels' areas are weighted, or else what is counted
        List<Double> countWeights = multiLabel ? null : labelWeights;
        return new State(this, new ConfusionCounts(bounds, multiLabel, null, null, countWeights));
    }

    private record State(AreaUnderCurve metric, ConfusionCounts counts) implements MetricState {
        @Override
        public void update(
                int rows,
                int vectors,
                float[] target,
                int targetFeatures,
                float[] prediction,
                int features,
                float @Nullable [] weights) {
            counts.update(vectors, target, prediction, features, weights, metric.readsLogits);
        }

        @Override
        public double result() {
            counts.total();
            List<Double> labelWeights = metric.multiLabel ? metric.labelWeights : null;
            double sum = 0;
            double weights = 0;
            for (int label = 0; label < counts.labels(); label++) {
                double weight = labelWeights == null ? 1 : labelWeights.get(label);
                sum += weight * area(label);
                weights += weight;
            }
            return ConfusionCounts.ratio(sum, weights);
        }

        private double area(int label) {
            boolean interpolated = metric.curve == Curve.PR && metric.summation == Summation.INTERPOLATION;
            double area = 0;
            for (int i = 0; i < counts.thresholds() - 1; i++) {
                area += interpolated
                        ? interpolatedPrecision(i, label)
                        : (x(i, label) - x(i + 1, label)) * metric.summation.height(y(i, label), y(i + 1, label));
            }
            return area;
        }

        private double x(int i, int label) {
            return metric.curve == Curve.ROC ? counts.falsePositiveRate(i, label) : counts.recall(i, label);
        }

        private double y(int i, int label) {
            return metric.curve == Curve.ROC ? counts.recall(i, label) : counts.precision(i, label);
        }

        private double interpolatedPrecision(int i, int label) {
            double tp = counts.truePositives(i + 1, label);
            double gained = counts.truePositives(i, label) - tp;
            double p = tp + counts.falsePositives(i + 1, label);
            double pBefore = counts.truePositives(i, label) + counts.falsePositives(i, label);
            double slope = ConfusionCounts.ratio(gained, Math.max(pBefore - p, 0));
            double intercept = tp - slope * p;
            double growth = pBefore > 0 && p > 0 ? pBefore / p : 1;
            return ConfusionCounts.ratio(
                    slope * (gained + intercept * StrictMath.log(growth)), tp + counts.falseNegatives(i + 1, label));
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
