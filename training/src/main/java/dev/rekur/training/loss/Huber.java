package dev.rekur.training.loss;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Squared near 0, absolute further out: with {@code x = p - t}, the mean over the features of
 *
 * <pre>{@code
 * x^2 / 2                        if |x| <= delta        derivative x
 * delta |x| - delta^2 / 2        otherwise              derivative delta sign(x)
 * }</pre>
 *
 * @param delta where one becomes the other
 */
record Huber(double delta) implements LossFunction {
    @Override
    public String className() {
        return "Huber";
    }

    @Override
    public String functionName() {
        return "huber";
    }

    @Override
    public String defaultName() {
        return "huber_loss";
    }

    /** Keras 3 does not write delta, so that a model saved with another one comes back with 1; Rekur writes it. */
    @Override
    public Map<String, Object> parameters() {
        return delta == 1 ? Map.of() : Map.of("delta", delta);
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
        float bound = (float) delta;
        for (int v = 0; v < vectors; v++) {
            double sum = 0;
            for (int i = v * features; i < (v + 1) * features; i++) {
                float x = prediction[i] - target[i];
                boolean near = Math.abs(x) <= bound;
                sum += near ? 0.5 * x * x : (double) bound * Math.abs(x) - 0.5 * bound * bound;
                if (gradient != null) {
                    gradient[i] = (near ? x : bound * Math.signum(x)) / features;
                }
            }
            values[v] = (float) (sum / features);
        }
    }
}
