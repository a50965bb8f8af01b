package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Crossentropy where the target {@code t} is a distribution over the classes:
 *
 * <pre>{@code
 * logits x          L = sum t (log sum e^x - x)      dL/dx = softmax(x) - t
 * probabilities p   L = -sum t log c                 dL/dp = (g - sum g o) / sum p,  g = -t / c, 0 where o was clipped
 * }</pre>
 *
 * <p>with {@code o = p / sum p} and {@code c} = o clipped to 1e-7 and 1 - 1e-7. The derivative by the logits is
 * TensorFlow's: exact if {@code t} sums to 1, which it takes for granted.
 *
 * @param readsLogits whether predictions are logits
 * @param smoothing share by which targets are moved towards equal chances, {@code t (1 - smoothing) + smoothing / classes}
 */
record CategoricalCrossentropy(boolean readsLogits, double smoothing) implements LossFunction {
    @Override
    public String className() {
        return "CategoricalCrossentropy";
    }

    @Override
    public String functionName() {
        return "categorical_crossentropy";
    }

    @Override
    public Map<String, Object> parameters() {
        return BinaryCrossentropy.parameters(readsLogits, smoothing);
    }

    @Override
    public Optional<LossFunction> ofLogits(Activation activation) {
        return Optional.of(new CategoricalCrossentropy(true, smoothing));
    }

    @Override
    public void evaluate(
            int vectors,
            float[] target,
            int targetFeatures,
            float[] prediction,
            int features,
            float[] values,
            float @Nullable [] gradient) {
        for (int v = 0; v < vectors; v++) {
            if (readsLogits) {
                ofLogits(v, target, prediction, features, values, gradient);
            } else {
                ofProbabilities(v, target, prediction, features, values, gradient);
            }
        }
    }

    private void ofLogits(int v, float[] target, float[] x, int features, float[] values, float @Nullable [] gradient) {
        int begin = v * features;
        int end = begin + features;
        float max = Probabilities.max(x, begin, end);
        double sum = Probabilities.sumExp(x, begin, end, max);
        double logSum = StrictMath.log(sum) + max;
        double loss = 0;
        for (int i = begin; i < end; i++) {
            float t = Probabilities.smooth(target[i], (float) smoothing, features);
            loss += t == 0f ? 0 : t * (logSum - x[i]); // a logit of minus infinity costs nothing where it is not wanted
            if (gradient != null) {
                gradient[i] = (float) (Arithmetic.exp(x[i] - max) / sum - t);
            }
        }
        values[v] = (float) loss;
    }

    private void ofProbabilities(
            int v, float[] target, float[] p, int features, float[] values, float @Nullable [] gradient) {
        int begin = v * features;
        int end = begin + features;
        float sum = (float) Probabilities.sum(p, begin, end);
        double loss = 0;
        double mean = 0;
        for (int i = begin; i < end; i++) {
            float t = Probabilities.smooth(target[i], (float) smoothing, features);
            float share = p[i] / sum;
            float clipped = Probabilities.clip(share, ALMOST_ONE);
            loss -= t * StrictMath.log(clipped);
            if (gradient != null) {
                float slope = Probabilities.isWithin(share, ALMOST_ONE) ? -t / clipped : 0f;
                mean += (double) slope * share;
                gradient[i] = slope;
            }
        }
        values[v] = (float) loss;
        if (gradient != null) {
            for (int i = begin; i < end; i++) {
                gradient[i] = (float) ((gradient[i] - mean) / sum);
            }
        }
    }
}
