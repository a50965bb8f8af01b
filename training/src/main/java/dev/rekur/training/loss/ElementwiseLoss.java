package dev.rekur.training.loss;

import org.jspecify.annotations.Nullable;

/**
 * Losses that compare feature by feature and take the mean: with {@code t} the target and {@code p} the prediction,
 *
 * <pre>{@code
 * mean_squared_error               (t - p)^2                                       2 (p - t)
 * mean_absolute_error              |t - p|                                         sign(p - t)
 * mean_absolute_percentage_error   100 |t - p| / max(|t|, e)                       100 sign(p - t) / max(|t|, e)
 * mean_squared_logarithmic_error   (log(max(p, e) + 1) - log(max(t, e) + 1))^2     2 (difference) / (p + 1), 0 if p < e
 * log_cosh                         log(cosh(p - t))                                tanh(p - t)
 * poisson                          p - t log(p + e)                                1 - t / (p + e)
 * }</pre>
 *
 * <p>and the derivative by {@code p} on the right, both divided by the number of features; {@code e} is 1e-7.
 */
enum ElementwiseLoss implements LossFunction {
    MEAN_SQUARED_ERROR("MeanSquaredError", "mean_squared_error") {
        @Override
        double term(float t, float p) {
            double error = t - p;
            return error * error;
        }

        @Override
        double slope(float t, float p) {
            return 2.0 * (p - t);
        }
    },
    MEAN_ABSOLUTE_ERROR("MeanAbsoluteError", "mean_absolute_error") {
        @Override
        double term(float t, float p) {
            return Math.abs(t - p);
        }

        @Override
        double slope(float t, float p) {
            return Math.signum(p - t);
        }
    },
    MEAN_ABSOLUTE_PERCENTAGE_ERROR("MeanAbsolutePercentageError", "mean_absolute_percentage_error") {
        @Override
        double term(float t, float p) {
            return 100.0 * Math.abs((t - p) / Math.max(Math.abs(t), EPSILON));
        }

        @Override
        double slope(float t, float p) {
            return 100.0 * Math.signum(p - t) / Math.max(Math.abs(t), EPSILON);
        }
    },
    MEAN_SQUARED_LOGARITHMIC_ERROR("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error") {
        @Override
        double term(float t, float p) {
            double error = logarithmicError(t, p);
            return error * error;
        }

        @Override
        double slope(float t, float p) {
            return p < EPSILON ? 0 : 2 * logarithmicError(t, p) / (1f + p);
        }
    },
    LOG_COSH("LogCosh", "log_cosh") {
        @Override
        double term(float t, float p) {
            double size = Math.abs((double) p - t);
            return size + StrictMath.log1p(StrictMath.exp(-2 * size)) - LOG_2;
        }

        @Override
        double slope(float t, float p) {
            return StrictMath.tanh((double) p - t);
        }
    },
    POISSON("Poisson", "poisson") {
        @Override
        double term(float t, float p) {
            return p - t * StrictMath.log(p + EPSILON);
        }

        @Override
        double slope(float t, float p) {
            return 1.0 - (double) t / (p + EPSILON);
        }
    };

    private static final double LOG_2 = StrictMath.log(2);

    private final String className;
    private final String functionName;

    ElementwiseLoss(String className, String functionName) {
        this.className = className;
        this.functionName = functionName;
    }

    abstract double term(float t, float p);

    abstract double slope(float t, float p);

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
        for (int v = 0; v < vectors; v++) {
            double sum = 0;
            for (int i = v * features; i < (v + 1) * features; i++) {
                sum += term(target[i], prediction[i]);
                if (gradient != null) {
                    gradient[i] = (float) (slope(target[i], prediction[i]) / features);
                }
            }
            values[v] = (float) (sum / features);
        }
    }

    private static double logarithmicError(float t, float p) {
        return StrictMath.log(Math.max(p, EPSILON) + 1f) - StrictMath.log(Math.max(t, EPSILON) + 1f);
    }
}
