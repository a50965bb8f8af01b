package dev.rekur.training.constraint;

import dev.rekur.layer.LayerConfig;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Norms between two bounds: {@code w = w * (rate * clip(norm, minValue, maxValue) + (1 - rate) * norm) / (epsilon + norm)}.
 *
 * @param rate how much of the way to the bounds is gone in each step, from 0 to 1
 * @param axes along which the norm is taken
 */
public record MinMaxNorm(double minValue, double maxValue, double rate, NormAxes axes) implements Constraint {
    static MinMaxNorm fromConfig(LayerConfig config) {
        return new MinMaxNorm(
                config.number("min_value", 0),
                config.number("max_value", 1),
                config.number("rate", 1),
                NormAxes.fromConfig(config));
    }

    @Override
    public Projection on(Shape shape) {
        float least = (float) minValue;
        float most = (float) maxValue;
        float pull = (float) rate;
        float rest = (float) (1 - rate);
        return new Norms(shape, axes, norm -> {
            float desired = pull * Math.min(Math.max(norm, least), most) + rest * norm;
            return desired / (Norms.EPSILON + norm);
        });
    }

    @Override
    public Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("min_value", minValue);
        config.put("max_value", maxValue);
        config.put("rate", rate);
        config.put("axis", axes.config());
        return config;
    }
}
