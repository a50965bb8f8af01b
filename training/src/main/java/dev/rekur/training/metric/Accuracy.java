package dev.rekur.training.metric;

import java.util.Map;

/**
 * The accuracy metrics ({@code keras/src/metrics/accuracy_metrics.py}, Keras 3.15.1). Of several highest predictions the
 * first counts, and -0 lies below 0, as in Keras's {@code argmax} on TensorFlow; of the {@code k} highest, all that tie with
 * the last count.
 */
final class Accuracy {
    static final double DEFAULT_THRESHOLD = 0.5;

    private Accuracy() {}

    /** Share of features that equal their target. */
    static MetricFunction equal() {
        return MeanMetric.of(
                "Accuracy", "accuracy", false, Map.of(), (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        int equal = 0;
                        for (int i = v * features; i < (v + 1) * features; i++) {
                            equal += target[i] == prediction[i] ? 1 : 0;
                        }
                        values[v] = (float) equal / features;
                    }
                });
    }

    /** Share of features that equal their target once they are 1 above the threshold and 0 otherwise. */
    static MetricFunction binary(double threshold) {
        float bound = (float) threshold;
        return MeanMetric.of(
                "BinaryAccuracy",
                "binary_accuracy",
                false,
                Map.of("threshold", threshold),
                (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        int equal = 0;
                        for (int i = v * features; i < (v + 1) * features; i++) {
                            equal += target[i] == (prediction[i] > bound ? 1f : 0f) ? 1 : 0;
                        }
                        values[v] = (float) equal / features;
                    }
                });
    }

    /** Whether the highest prediction is where the highest target is. */
    static MetricFunction categorical() {
        return MeanMetric.of(
                "CategoricalAccuracy",
                "categorical_accuracy",
                false,
                Map.of(),
                (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        int begin = v * features;
                        boolean right = highest(target, begin, features) == highest(prediction, begin, features);
                        values[v] = right ? 1f : 0f;
                    }
                });
    }

    /** Whether the highest prediction is the target's class. */
    static MetricFunction sparse() {
        return MeanMetric.of(
                "SparseCategoricalAccuracy",
                "sparse_categorical_accuracy",
                true,
                Map.of(),
                (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        values[v] = target[v] == highest(prediction, v * features, features) ? 1f : 0f;
                    }
                });
    }

    /** Whether the class of the highest target is among the {@code k} highest predictions. */
    static MetricFunction topK(int k) {
        return MeanMetric.of(
                "TopKCategoricalAccuracy",
                "top_k_categorical_accuracy",
                false,
                Map.of("k", k),
                (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        int begin = v * features;
                        values[v] = isInTop(k, prediction, begin, features, highest(target, begin, features));
                    }
                });
    }

    /** Whether the target's class is among the {@code k} highest predictions. */
    static MetricFunction sparseTopK(int k) {
        return MeanMetric.of(
                "SparseTopKCategoricalAccuracy",
                "sparse_top_k_categorical_accuracy",
                true,
                Map.of("k", k),
                (vectors, target, n, prediction, features, values) -> {
                    for (int v = 0; v < vectors; v++) {
                        values[v] = isInTop(k, prediction, v * features, features, (int) target[v]);
                    }
                });
    }

    private static int highest(float[] values, int begin, int count) {
        int best = 0;
        for (int j = 1; j < count; j++) {
            if (rank(values[begin + j]) > rank(values[begin + best])) {
                best = j;
            }
        }
        return best;
    }

    private static float rank(float value) {
        return value == 0f && 1f / value < 0f ? -Float.MIN_NORMAL : value;
    }

    /** As TensorFlow's {@code in_top_k}: what is not finite decides nothing. */
    private static float isInTop(int k, float[] prediction, int begin, int features, int wanted) {
        if (wanted < 0 || wanted >= features) {
            return 0f;
        }
        int higher = 0;
        for (int i = begin; i < begin + features; i++) {
            if (!Float.isFinite(prediction[i])) {
                return 0f;
            }
            higher += prediction[i] > prediction[begin + wanted] ? 1 : 0;
        }
        return higher < k ? 1f : 0f;
    }
}
