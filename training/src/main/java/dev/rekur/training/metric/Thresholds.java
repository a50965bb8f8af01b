package dev.rekur.training.metric;

import java.util.Arrays;
import java.util.List;

/**
 * Bounds above which a prediction counts as positive.
 *
 * <p>Where they divide 0 to 1 evenly, Keras does not compare with each but computes which a prediction lies above, {@code
 * ceil(p (n - 1)) - 1} in float32, and so does Rekur: rounding there decides what lies on a bound.
 *
 * @param values the bounds
 * @param even whether they divide 0 to 1 evenly
 * @param padded whether the first lies below 0, so that every prediction exceeds it
 */
record Thresholds(List<Float> values, boolean even, boolean padded) {
    /** Of {@code top_k} metrics: lies above what the predictions that are not among them become. */
    static final double LOWEST = -1e10;

    private static final double PADDING = 1e-7;

    /** As given to a metric. */
    static Thresholds of(List<Double> values) {
        return new Thresholds(floats(values), isEven(values), false);
    }

    /** {@code count} of them from 0 to 1, as for AUC with its ends moved outwards, or for rates under a constraint. */
    static Thresholds dividing(int count, boolean padded) {
        if (count == 1) {
            return of(List.of(0.5));
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = i / (count - 1.0);
        }
        return ends(values, true, padded);
    }

    /** AUC's, given by hand, with an end on either side. */
    static Thresholds around(List<Double> inner) {
        double[] values = new double[inner.size() + 2];
        for (int i = 0; i < inner.size(); i++) {
            values[i + 1] = inner.get(i);
        }
        Arrays.sort(values, 1, values.length - 1);
        values[values.length - 1] = 1;
        return ends(values, isEven(Arrays.stream(values).boxed().toList()), true);
    }

    int count() {
        return values.size();
    }

    /** For even ones: the last that {@code prediction} exceeds, or -1. */
    int bucket(float prediction) {
        float clipped = Math.min(Math.max(prediction, 0f), 1f);
        int bucket = (int) Math.ceil(clipped * (count() - 1f)) - 1;
        return padded ? Math.max(bucket, 0) : bucket;
    }

    private static Thresholds ends(double[] values, boolean even, boolean padded) {
        if (padded) {
            values[0] = -PADDING;
            values[values.length - 1] = 1 + PADDING;
        }
        return new Thresholds(floats(Arrays.stream(values).boxed().toList()), even, padded);
    }

    private static List<Float> floats(List<Double> values) {
        return values.stream().map(Double::floatValue).toList();
    }

    /** numpy's {@code allclose} with the absolute tolerance 1e-7 and its default relative one. */
    private static boolean isEven(List<Double> values) {
        int count = values.size();
        for (int i = 0; i < count; i++) {
            double even = (float) i / (count - 1f);
            if (!(Math.abs(values.get(i) - even) <= 1e-7 + 1e-5 * even)) {
                return false;
            }
        }
        return count >= 3;
    }
}
