package dev.rekur.training.loss;

import dev.rekur.kernel.Arithmetic;
import org.jspecify.annotations.Nullable;

/**
 * What Keras on TensorFlow computes of a {@link BinaryFocalCrossentropy} where the model ends in a softmax: the crossentropy is
 * that of the sigmoid of the logits {@code x}, the focus that of the softmax {@code p}. With {@code F} the focal factor it is the
 * mean over the features of
 *
 * <pre>{@code
 * F(p) B(x),     dL/dx = F (sigmoid(x) - t) + p (g - sum g p),     g = F'(p) B
 * }</pre>
 *
 * @param loss the loss of probabilities
 */
record SoftmaxBinaryFocalCrossentropy(BinaryFocalCrossentropy loss) implements LossFunction {
    @Override
    public String className() {
        return loss.className();
    }

    @Override
    public String functionName() {
        return loss.functionName();
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
            float max = Probabilities.max(prediction, begin, end);
            float exps = (float) Probabilities.sumExp(prediction, begin, end, max);
            double sum = 0;
            double mean = 0;
            for (int i = begin; i < end; i++) {
                float t = target(target[i]);
                float p = Arithmetic.exp(prediction[i] - max) / exps;
                double cost = BinaryCrossentropy.ofLogit(t, prediction[i]);
                sum += loss.factor(t, p) * cost;
                mean += loss.factorSlope(t, p) * cost * p;
            }
            values[v] = (float) (sum / features);
            for (int i = begin; gradient != null && i < end; i++) {
                float t = target(target[i]);
                float p = Arithmetic.exp(prediction[i] - max) / exps;
                double cost = BinaryCrossentropy.ofLogit(t, prediction[i]);
                double slope = loss.factor(t, p) * (Arithmetic.sigmoid(prediction[i]) - t)
                        + p * (loss.factorSlope(t, p) * cost - mean);
                gradient[i] = (float) (slope / features);
            }
        }
    }

    private float target(float given) {
        return Probabilities.smooth(given, (float) loss.smoothing(), 2);
    }
}
