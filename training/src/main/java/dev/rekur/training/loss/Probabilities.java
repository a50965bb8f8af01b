package dev.rekur.training.loss;

import static dev.rekur.training.loss.LossFunction.EPSILON;

import dev.rekur.kernel.Arithmetic;

/** What the losses of probabilities share: bounds as TensorFlow's {@code clip_by_value} has them, and the softmax's parts. */
final class Probabilities {
    private Probabilities() {}

    /** {@code p}, at least 1e-7 and at most {@code most}; NaN stays. */
    static float clip(float p, float most) {
        return Math.min(Math.max(p, EPSILON), most);
    }

    /** Whether clipping lets the derivative through: at the bounds themselves it does. */
    static boolean isWithin(float p, float most) {
        return !(p < EPSILON || p > most);
    }

    static float max(float[] x, int begin, int end) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = begin; i < end; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    static double sum(float[] x, int begin, int end) {
        double sum = 0;
        for (int i = begin; i < end; i++) {
            sum += x[i];
        }
        return sum;
    }

    /** {@code sum e^(x - max)}. */
    static double sumExp(float[] x, int begin, int end, float max) {
        double sum = 0;
        for (int i = begin; i < end; i++) {
            sum += Arithmetic.exp(x[i] - max);
        }
        return sum;
    }

    /** Label {@code t} moved towards {@code 1 / classes} by the share {@code smoothing}. */
    static float smooth(float t, float smoothing, int classes) {
        return smoothing == 0f ? t : t * (1f - smoothing) + smoothing / classes;
    }
}
