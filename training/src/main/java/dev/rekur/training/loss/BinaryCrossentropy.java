package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Crossentropy of features that are each true or false, the mean over the features of
 *
 * <pre>{@code
 * logits x          max(x, 0) - x t + log(1 + e^-|x|)          derivative sigmoid(x) - t
 * probabilities p   -(t log c + (1 - t) log(1 - c))            derivative -t / c + (1 - t) / (1 - c), 0 where p was clipped
 * }</pre>
 *
 * <p>with {@code c} = p clipped to 1e-7 and 1 - 1e-7.
 *
 * @param readsLogits whether predictions are logits
 * @param smoothing share by which targets are moved towards a half
 */
record BinaryCrossentropy(boolean readsLogits, double smoothing) implements LossFunction {
    @Override
    public String className() {
        return "BinaryCrossentropy";
    }

    @Override
    public String functionName() {
        return "binary_crossentropy";
    }

    @Override
    public Map<String, Object> parameters() {
        return parameters(readsLogits, smoothing);
    }

    /** What the configurations of crossentropies have in common. */
    static Map<String, Object> parameters(boolean readsLogits, double smoothing) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("from_logits", readsLogits);
        parameters.put("label_smoothing", smoothing);
        parameters.put("axis", -1);
        return parameters;
    }

    @Override
    public Optional<LossFunction> ofLogits(Activation activation) {
        return Optional.of(new BinaryCrossentropy(true, smoothing));
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
            double sum = 0;
            for (int i = v * features; i < (v + 1) * features; i++) {
                float t = Probabilities.smooth(target[i], (float) smoothing, 2);
                float p = prediction[i];
                sum += readsLogits ? ofLogit(t, p) : ofProbability(t, p);
                if (gradient != null) {
                    double slope = readsLogits ? Arithmetic.sigmoid(p) - t : slopeOfProbability(t, p);
                    gradient[i] = (float) (slope / features);
                }
            }
            values[v] = (float) (sum / features);
        }
    }

    static double ofLogit(float t, float x) {
        return Math.max(x, 0f) - (double) x * t + StrictMath.log1p(StrictMath.exp(-Math.abs((double) x)));
    }

    static double ofProbability(float t, float p) {
        float c = Probabilities.clip(p, ALMOST_ONE);
        return -(t * StrictMath.log(c) + (1f - t) * StrictMath.log(1f - c));
    }

    static double slopeOfProbability(float t, float p) {
        double c = Probabilities.clip(p, ALMOST_ONE);
        return Probabilities.isWithin(p, ALMOST_ONE) ? (1f - t) / (1 - c) - t / c : 0;
    }
}
