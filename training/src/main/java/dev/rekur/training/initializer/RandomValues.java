package dev.rekur.training.initializer;

import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values drawn independently of the shape: Keras's RandomNormal, TruncatedNormal (mean and standard deviation) and
 * RandomUniform (least and greatest).
 *
 * @param distribution what is drawn
 * @param first mean or least value
 * @param second standard deviation (before truncation) or greatest value
 */
record RandomValues(Distribution distribution, double first, double second) implements Initializer {
    @Override
    public String className() {
        return switch (distribution) {
            case UNIFORM -> "RandomUniform";
            case NORMAL -> "RandomNormal";
            case TRUNCATED_NORMAL -> "TruncatedNormal";
        };
    }

    @Override
    public Map<String, Object> parameters() {
        boolean uniform = distribution == Distribution.UNIFORM;
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("seed", null);
        parameters.put(uniform ? "minval" : "mean", first);
        parameters.put(uniform ? "maxval" : "stddev", second);
        return parameters;
    }

    @Override
    public void fill(float[] values, Shape shape, long seed) {
        double scale = distribution == Distribution.UNIFORM ? second - first : second;
        distribution.fill(values, shape.size(), first, scale, seed);
    }
}
