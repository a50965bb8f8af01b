package dev.rekur.training.initializer;

import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Values whose variance is {@code scale / max(1, n)}, with n the number of inputs of a unit, of outputs, or their mean. Also
 * Keras's Glorot, He and Lecun initializers.
 *
 * <pre>{@code
 * shape [n]                      inputs = outputs = n
 * shape [in, out]                inputs = in, outputs = out
 * shape [..., in, out]           inputs and outputs times the product of the axes before
 * }</pre>
 *
 * <p>Glorot and Bengio, AISTATS 2010; He et al., ICCV 2015; LeCun et al., 1998.
 *
 * @param className the class in Keras
 * @param scale variance for n = 1
 * @param mode what n is
 * @param distribution what is drawn
 */
record VarianceScaling(String className, double scale, Mode mode, Distribution distribution) implements Initializer {
    /** Standard deviation of the standard normal distribution cut off at two of its own. */
    private static final double TRUNCATED_DEVIATION = 0.87962566103423978;

    /** What the variance is divided by. */
    enum Mode {
        FAN_IN,
        FAN_OUT,
        FAN_AVG
    }

    @Override
    public Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("seed", null);
        if (className.equals("VarianceScaling")) {
            parameters.put("scale", scale);
            parameters.put("mode", mode.name().toLowerCase(Locale.ROOT));
            parameters.put(
                    "distribution",
                    switch (distribution) {
                        case UNIFORM -> "uniform";
                        case NORMAL -> "untruncated_normal";
                        case TRUNCATED_NORMAL -> "truncated_normal";
                    });
        }
        return parameters;
    }

    @Override
    public void fill(float[] values, Shape shape, long seed) {
        double variance = scale / Math.max(1, fan(shape));
        switch (distribution) {
            case UNIFORM -> {
                double limit = Math.sqrt(3 * variance);
                distribution.fill(values, shape.size(), -limit, 2 * limit, seed);
            }
            case NORMAL -> distribution.fill(values, shape.size(), 0, Math.sqrt(variance), seed);
            case TRUNCATED_NORMAL ->
                distribution.fill(values, shape.size(), 0, Math.sqrt(variance) / TRUNCATED_DEVIATION, seed);
        }
    }

    private double fan(Shape shape) {
        int rank = shape.rank();
        if (rank < 2) {
            return rank == 0 ? 1 : shape.dimension(0);
        }
        double field = 1;
        for (int axis = 0; axis < rank - 2; axis++) {
            field *= shape.dimension(axis);
        }
        double in = field * shape.dimension(rank - 2);
        double out = field * shape.last();
        return switch (mode) {
            case FAN_IN -> in;
            case FAN_OUT -> out;
            case FAN_AVG -> (in + out) / 2;
        };
    }
}
