package dev.rekur.training.metric;

import dev.rekur.kernel.Arithmetic;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * True and false positives and negatives at each threshold ({@code update_confusion_matrix_variables} in {@code
 * keras/src/metrics/metrics_utils.py}, Keras 3.15.1). A feature is a prediction of its own; a target other than 0 is true.
 *
 * <p>With {@code perLabel}, features are counted apart, and counts stand at {@code threshold * labels + label}.
 */
final class ConfusionCounts {
    private final Thresholds thresholds;
    private final float[] bounds;
    private final boolean perLabel;
    private final @Nullable Integer topK;
    private final @Nullable Integer classId;
    private final float @Nullable [] labelWeights;

    private int labels = 1;
    // of even thresholds, what lies in each bucket; of others, the positives themselves
    private double[] trueCounts;
    private double[] falseCounts;
    private double[] trueTotals = new double[1];
    private double[] falseTotals = new double[1];
    private double[] truePositives;
    private double[] falsePositives;

    /**
     * @param perLabel whether features are counted apart
     * @param topK how many of a vector's highest predictions count, or null for all
     * @param classId the one feature that counts, or null for all
     * @param labelWeights weights of the features, or null
     */
    ConfusionCounts(
            Thresholds thresholds,
            boolean perLabel,
            @Nullable Integer topK,
            @Nullable Integer classId,
            @Nullable List<Double> labelWeights) {
        this.thresholds = thresholds;
        this.perLabel = perLabel;
        this.topK = topK;
        this.classId = classId;
        this.labelWeights = labelWeights == null ? null : floats(labelWeights);
        bounds = new float[thresholds.count()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = thresholds.values().get(i);
        }
        trueCounts = new double[bounds.length];
        falseCounts = new double[bounds.length];
        truePositives = new double[bounds.length];
        falsePositives = new double[bounds.length];
    }

    int labels() {
        return labels;
    }

    int thresholds() {
        return bounds.length;
    }

    /** Adds predictions; {@code logits} go through a sigmoid first. */
    void update(
            int vectors, float[] target, float[] prediction, int features, float @Nullable [] weights, boolean logits) {
        if (perLabel && labels != features) {
            reserve(features);
        }
        for (int v = 0; v < vectors; v++) {
            int begin = v * features;
            double weight = weights == null ? 1 : weights[v];
            int first = classId == null ? 0 : classId;
            int end = classId == null ? features : classId + 1;
            for (int j = first; j < end; j++) {
                float p = prediction[begin + j];
                if (topK != null && !isAmongHighest(topK, prediction, begin, features, j)) {
                    p = (float) Thresholds.LOWEST;
                }
                if (logits) {
                    p = Arithmetic.sigmoid(p);
                }
                double counted = labelWeights == null ? weight : weight * labelWeights[j];
                add(perLabel ? j : 0, p, target[begin + j] != 0f, counted);
            }
        }
    }

    private void add(int label, float p, boolean isTrue, double weight) {
        double[] counts = isTrue ? trueCounts : falseCounts;
        double[] totals = isTrue ? trueTotals : falseTotals;
        totals[label] += weight;
        if (thresholds.even()) {
            int bucket = thresholds.bucket(p);
            if (bucket >= 0) {
                counts[bucket * labels + label] += weight;
            }
            return;
        }
        for (int i = 0; i < bounds.length; i++) {
            if (p > bounds[i]) {
                counts[i * labels + label] += weight;
            }
        }
    }

    /** Makes the counts current; called before they are asked for. */
    void total() {
        int last = (bounds.length - 1) * labels;
        for (int at = last + labels - 1; at >= 0; at--) {
            boolean sums = thresholds.even() && at < last;
            truePositives[at] = trueCounts[at] + (sums ? truePositives[at + labels] : 0);
            falsePositives[at] = falseCounts[at] + (sums ? falsePositives[at + labels] : 0);
        }
    }

    double truePositives(int threshold, int label) {
        return truePositives[threshold * labels + label];
    }

    double falsePositives(int threshold, int label) {
        return falsePositives[threshold * labels + label];
    }

    double falseNegatives(int threshold, int label) {
        return trueTotals[label] - truePositives(threshold, label);
    }

    double trueNegatives(int threshold, int label) {
        return falseTotals[label] - falsePositives(threshold, label);
    }

    double precision(int threshold, int label) {
        double tp = truePositives(threshold, label);
        return ratio(tp, tp + falsePositives(threshold, label));
    }

    double recall(int threshold, int label) {
        return ratio(truePositives(threshold, label), trueTotals[label]);
    }

    double falsePositiveRate(int threshold, int label) {
        return ratio(falsePositives(threshold, label), falseTotals[label]);
    }

    double specificity(int threshold, int label) {
        return ratio(trueNegatives(threshold, label), falseTotals[label]);
    }

    /** {@code a / b}, and 0 for b = 0: TensorFlow's {@code divide_no_nan}. */
    static double ratio(double a, double b) {
        return b == 0 ? 0 : a / b;
    }

    void reset() {
        for (double[] counts : List.of(trueCounts, falseCounts, trueTotals, falseTotals)) {
            Arrays.fill(counts, 0);
        }
    }

    double[] sums() {
        return KeptSums.join(trueCounts, falseCounts, trueTotals, falseTotals);
    }

    void restore(double[] sums) {
        int sizeOfLabel = 2 * bounds.length + 2;
        int kept = sums.length / sizeOfLabel;
        KeptSums.require(sums, sums.length % sizeOfLabel == 0 && (perLabel ? kept > 0 : kept == 1));
        reserve(kept);
        KeptSums.split(sums, trueCounts, falseCounts, trueTotals, falseTotals);
    }

    private void reserve(int features) {
        labels = features;
        int size = bounds.length * features;
        trueCounts = new double[size];
        falseCounts = new double[size];
        truePositives = new double[size];
        falsePositives = new double[size];
        trueTotals = new double[features];
        falseTotals = new double[features];
    }

    /** Of equal predictions, the first come first. */
    private static boolean isAmongHighest(int k, float[] prediction, int begin, int features, int wanted) {
        float own = prediction[begin + wanted];
        int before = 0;
        for (int j = 0; j < features; j++) {
            float other = prediction[begin + j];
            before += other > own || (other == own && j < wanted) ? 1 : 0;
        }
        return before < k;
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
