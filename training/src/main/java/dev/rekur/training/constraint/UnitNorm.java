package dev.rekur.training.constraint;

import dev.rekur.layer.LayerConfig;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Norms of one: {@code w = w / (epsilon + norm)}.
 *
 * @param axes along which the norm is taken
 */
public record UnitNorm(NormAxes axes) implements Constraint {
    static UnitNorm fromConfig(LayerConfig config) {
        return new UnitNorm(NormAxes.fromConfig(config));
    }

    @Override
    public Projection on(Shape shape) {
        return new Norms(shape, axes, new Quotient());
    }

    @Override
    public Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("axis", axes.config());
        return config;
    }

    /** Divides, where the other constraints multiply. */
    private static final class Quotient implements Norms.Scale {
        @Override
        public float factor(float norm) {
            return Norms.EPSILON + norm;
        }

        @Override
        public float apply(float value, float factor) {
            return value / factor;
        }
    }
}
