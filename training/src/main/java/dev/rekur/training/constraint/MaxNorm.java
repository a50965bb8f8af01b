package dev.rekur.training.constraint;

import dev.rekur.layer.LayerConfig;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Norms of at most {@code maxValue}: {@code w = w * min(norm, maxValue) / (epsilon + norm)}.
 *
 * @param axes along which the norm is taken
 */
public record MaxNorm(double maxValue, NormAxes axes) implements Constraint {
    static MaxNorm fromConfig(LayerConfig config) {
        return new MaxNorm(config.number("max_value", 2), NormAxes.fromConfig(config));
    }

    @Override
    public Projection on(Shape shape) {
        float most = (float) maxValue;
        return new Norms(shape, axes, norm -> Math.min(Math.max(norm, 0), most) / (Norms.EPSILON + norm));
    }

    @Override
    public Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("max_value", maxValue);
        config.put("axis", axes.config());
        return config;
    }
}
