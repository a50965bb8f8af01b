package dev.rekur.training.loss;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.Powers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Categorical crossentropy that makes little of what is well predicted:
 *
 * <pre>{@code
 * L      = -sum alpha (1 - c)^gamma t log c,      c = o clipped to 1e-7 and 1 - 1e-7,      o = p / sum p
 * dL/dp  = (g - sum g o) / sum p,     g = alpha t (gamma (1 - c)^(gamma - 1) log c - (1 - c)^gamma / c), 0 where clipped
 * dL/dx  = p (dL/dp - sum p dL/dp)    with logits x, p = softmax(x)
 * }</pre>
 *
 * <p>Unlike the other crossentropies, Keras's takes probabilities as they are: after a softmax it does not go back to the
 * logits.
 *
 * @param alpha weight of all classes
 * @param gamma how little is made
 * @param readsLogits whether predictions are logits
 * @param smoothing share by which targets are moved towards equal chances
 */
record CategoricalFocalCrossentropy(double alpha, double gamma, boolean readsLogits, double smoothing)
        implements LossFunction {
    @Override
    public String className() {
        return "CategoricalFocalCrossentropy";
    }

    @Override
    public String functionName() {
        return "categorical_focal_crossentropy";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>(BinaryCrossentropy.parameters(readsLogits, smoothing));
        parameters.put("alpha", alpha);
        parameters.put("gamma", gamma);
        return parameters;
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
            int begin = v * features;
            int end = begin + features;
            float max = readsLogits ? Probabilities.max(prediction, begin, end) : 0f;
            float exps = readsLogits ? (float) Probabilities.sumExp(prediction, begin, end, max) : 0f;
            double sum = 0;
            for (int i = begin; i < end; i++) {
                sum += probability(prediction[i], max, exps);
            }
            double loss = 0;
            double mean = 0;
            for (int i = begin; i < end; i++) {
                float t = Probabilities.smooth(target[i], (float) smoothing, features);
                float share = probability(prediction[i], max, exps) / (float) sum;
                float c = Probabilities.clip(share, ALMOST_ONE);
                double log = StrictMath.log(c);
                double factor = alpha * Powers.of(1f - c, gamma);
                loss -= factor * t * log;
                if (gradient != null) {
                    double focus = alpha * gamma * Powers.of(1f - c, gamma - 1) * log;
                    double slope = Probabilities.isWithin(share, ALMOST_ONE) ? t * (focus - factor / c) : 0;
                    mean += slope * share;
                    gradient[i] = (float) slope;
                }
            }
            values[v] = (float) loss;
            if (gradient != null) {
                normalize(begin, end, prediction, max, exps, sum, mean, gradient);
            }
        }
    }

    /** From the derivatives by the shares to those by what was predicted. */
    private void normalize(
            int begin, int end, float[] prediction, float max, float exps, double sum, double mean, float[] gradient) {
        double inner = 0;
        for (int i = begin; i < end; i++) {
            double slope = (gradient[i] - mean) / sum;
            inner += slope * probability(prediction[i], max, exps);
            gradient[i] = (float) slope;
        }
        if (readsLogits) {
            for (int i = begin; i < end; i++) {
                gradient[i] = (float) (probability(prediction[i], max, exps) * (gradient[i] - inner));
            }
        }
    }

    private float probability(float prediction, float max, float exps) {
        return readsLogits ? Arithmetic.exp(prediction - max) / exps : prediction;
    }
}
