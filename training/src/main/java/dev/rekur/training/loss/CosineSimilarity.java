package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * The cosine of the angle between target and prediction: with {@code n(x) = x min(1 / |x|, 1e7)},
 *
 * <pre>{@code
 * L      = -sum n(t) n(p)
 * dL/dp  = -(n(t) + L n(p)) / |p|
 * }</pre>
 *
 * <p>The metric of that name is {@code -L}. At {@code p = 0} Keras's derivative is NaN, which would end a training; Rekur's
 * is that of {@code -1e7 sum n(t) p}.
 *
 * @param sign -1 for the loss, 1 for the metric
 */
record CosineSimilarity(int sign) implements LossFunction {
    private static final double MOST_INVERSE_NORM = 1e7;

    @Override
    public String className() {
        return "CosineSimilarity";
    }

    @Override
    public String functionName() {
        return "cosine_similarity";
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
            double squareT = 0;
            double squareP = 0;
            double product = 0;
            for (int i = begin; i < end; i++) {
                squareT += (double) target[i] * target[i];
                squareP += (double) prediction[i] * prediction[i];
                product += (double) target[i] * prediction[i];
            }
            double inverseT = Math.min(1 / Math.sqrt(squareT), MOST_INVERSE_NORM);
            double inverseP = 1 / Math.sqrt(squareP);
            boolean bounded = inverseP > MOST_INVERSE_NORM;
            inverseP = Math.min(inverseP, MOST_INVERSE_NORM);
            double cosine = product * inverseT * inverseP;
            values[v] = (float) (sign * cosine);
            if (gradient != null) {
                for (int i = begin; i < end; i++) {
                    double along = bounded ? 0 : cosine * prediction[i] * inverseP;
                    gradient[i] = (float) (sign * inverseP * (target[i] * inverseT - along));
                }
            }
        }
    }
}
