package dev.rekur.training.constraint;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The axes along which a norm is taken: those of a kernel's inputs are {@code 0} in Dense and recurrent layers.
 *
 * @param axes negative ones count from the end; null stands for all
 */
public record NormAxes(@Nullable List<Integer> axes) {
    /** Keras's default. */
    public static final NormAxes FIRST = of(0);

    public NormAxes {
        axes = axes == null ? null : List.copyOf(axes);
    }

    public static NormAxes of(Integer... axes) {
        return new NormAxes(List.of(axes));
    }

    static NormAxes fromConfig(LayerConfig config) {
        if (config.values().containsKey("axis") && config.raw("axis") == null) {
            return new NormAxes(null);
        }
        return new NormAxes(config.integers("axis", List.of(0)));
    }

    /** As Keras writes it: a number, a list of several, or null. */
    @Nullable
    Object config() {
        return axes != null && axes.size() == 1 ? axes.get(0) : axes;
    }
}
