package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * Losses of a margin: with {@code m = max(1 - t p, 0)}, the mean over the features of
 *
 * <pre>{@code
 * hinge            m            derivative -t where 1 - t p >= 0
 * squared_hinge    m^2          derivative -2 t m
 * }</pre>
 *
 * <p>Labels are -1 and 1; if all of the batch are 0 or 1, 0 counts as -1.
 */
enum HingeLoss implements LossFunction {
    HINGE("Hinge", "hinge"),
    SQUARED_HINGE("SquaredHinge", "squared_hinge");

    private final String className;
    private final String functionName;

    HingeLoss(String className, String functionName) {
        this.className = className;
        this.functionName = functionName;
    }

    @Override
    public String className() {
        return className;
    }

    @Override
    public String functionName() {
        return functionName;
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
        boolean binary = areBinary(target, vectors * features);
        for (int v = 0; v < vectors; v++) {
            double sum = 0;
            for (int i = v * features; i < (v + 1) * features; i++) {
                float t = binary ? 2f * target[i] - 1f : target[i];
                float margin = 1f - t * prediction[i];
                float m = Math.max(margin, 0f);
                sum += this == HINGE ? m : (double) m * m;
                if (gradient != null) {
                    float slope = margin >= 0 ? -t : 0f;
                    gradient[i] = (this == HINGE ? slope : 2f * m * slope) / features;
                }
            }
            values[v] = (float) (sum / features);
        }
    }

    private static boolean areBinary(float[] target, int count) {
        for (int i = 0; i < count; i++) {
            if (target[i] != 0f && target[i] != 1f) {
                return false;
            }
        }
        return true;
    }
}
