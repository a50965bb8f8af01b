package dev.rekur.training.loss;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.Powers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@link BinaryCrossentropy} {@code B} that makes little of what is well predicted, the mean over the features of
 *
 * <pre>{@code
 * w (1 - q)^gamma B,     q = t p + (1 - t)(1 - p),     w = t alpha + (1 - t)(1 - alpha) if balanced, else 1
 * derivative by p:       w (gamma (1 - q)^(gamma - 1) (1 - 2 t) B + (1 - q)^gamma dB/dp)
 * }</pre>
 *
 * <p>With logits, {@code p = sigmoid(x)} and B is that of the logits.
 *
 * <p>Lin et al.: Focal Loss for Dense Object Detection, ICCV 2017.
 *
 * @param balanced whether classes are weighted, Keras's {@code apply_class_balancing}
 * @param alpha weight of the class 1
 * @param gamma how little is made
 * @param readsLogits whether predictions are logits
 * @param smoothing share by which targets are moved towards a half
 */
record BinaryFocalCrossentropy(boolean balanced, double alpha, double gamma, boolean readsLogits, double smoothing)
        implements LossFunction {
    @Override
    public String className() {
        return "BinaryFocalCrossentropy";
    }

    @Override
    public String functionName() {
        return "binary_focal_crossentropy";
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>(BinaryCrossentropy.parameters(readsLogits, smoothing));
        parameters.put("apply_class_balancing", balanced);
        parameters.put("alpha", alpha);
        parameters.put("gamma", gamma);
        return parameters;
    }

    /** With {@code from_logits} Keras applies a sigmoid to the predictions, whose logits these then are. */
    @Override
    public Optional<LossFunction> ofLogits(Activation activation) {
        if (readsLogits) {
            return Optional.empty();
        }
        return Optional.of(
                activation == Activation.SOFTMAX
                        ? new SoftmaxBinaryFocalCrossentropy(this)
                        : new BinaryFocalCrossentropy(balanced, alpha, gamma, true, smoothing));
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
                float p = readsLogits ? Arithmetic.sigmoid(prediction[i]) : prediction[i];
                double cost = readsLogits
                        ? BinaryCrossentropy.ofLogit(t, prediction[i])
                        : BinaryCrossentropy.ofProbability(t, p);
                double factor = factor(t, p);
                sum += factor * cost;
                if (gradient != null) {
                    double focus = factorSlope(t, p) * cost;
                    double slope = readsLogits
                            ? focus * p * (1 - p) + factor * (p - t)
                            : focus + factor * BinaryCrossentropy.slopeOfProbability(t, p);
                    gradient[i] = (float) (slope / features);
                }
            }
            values[v] = (float) (sum / features);
        }
    }

    /** {@code w (1 - q)^gamma}. */
    double factor(float t, float p) {
        return weight(t) * Powers.of(missed(t, p), gamma);
    }

    /** The derivative of {@link #factor} by {@code p}. */
    double factorSlope(float t, float p) {
        return weight(t) * gamma * Powers.of(missed(t, p), gamma - 1) * (1 - 2 * t);
    }

    private double weight(float t) {
        return balanced ? t * alpha + (1 - t) * (1 - alpha) : 1;
    }

    private static double missed(float t, float p) {
        return 1f - (t * p + (1f - t) * (1f - p));
    }
}
