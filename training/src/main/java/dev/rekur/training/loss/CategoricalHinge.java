package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * The margin between the right class and the best wrong one: with {@code pos = sum(t p)} and {@code neg = max((1 - t) p)},
 *
 * <pre>{@code
 * L      = max(neg - pos + 1, 0)
 * dL/dp  = (1 - t) [p attains neg] / (number of features that do) - t        where neg - pos + 1 >= 0, 0 elsewhere
 * }</pre>
 */
record CategoricalHinge() implements LossFunction {
    @Override
    public String className() {
        return "CategoricalHinge";
    }

    @Override
    public String functionName() {
        return "categorical_hinge";
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
            double pos = 0;
            float neg = Float.NEGATIVE_INFINITY;
            int attaining = 0;
            for (int i = begin; i < end; i++) {
                pos += (double) target[i] * prediction[i];
                float wrong = (1f - target[i]) * prediction[i];
                attaining = wrong > neg ? 1 : wrong == neg ? attaining + 1 : attaining;
                neg = Math.max(neg, wrong);
            }
            double margin = (float) (neg - pos + 1);
            values[v] = (float) Math.max(margin, 0);
            if (gradient != null) {
                for (int i = begin; i < end; i++) {
                    float attains = (1f - target[i]) * prediction[i] == neg ? 1f / attaining : 0f;
                    gradient[i] = margin >= 0 ? (1f - target[i]) * attains - target[i] : 0f;
                }
            }
        }
    }
}
