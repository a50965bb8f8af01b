package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * Kullback and Leibler's divergence: with {@code t} and {@code p} clipped to 1e-7 and 1,
 *
 * <pre>{@code
 * L = sum t log(t / p)        dL/dp = -t / p, 0 where p was clipped
 * }</pre>
 */
record KlDivergence() implements LossFunction {
    @Override
    public String className() {
        return "KLDivergence";
    }

    @Override
    public String functionName() {
        return "kl_divergence";
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
                double t = Probabilities.clip(target[i], 1f);
                double p = Probabilities.clip(prediction[i], 1f);
                sum += t * StrictMath.log(t / p);
                if (gradient != null) {
                    gradient[i] = Probabilities.isWithin(prediction[i], 1f) ? (float) (-t / p) : 0f;
                }
            }
            values[v] = (float) sum;
        }
    }
}
