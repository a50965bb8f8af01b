package dev.rekur.graph;

import dev.rekur.layer.Layer;
import dev.rekur.layer.WeightSpec;
import java.util.List;
import java.util.Map;

/**
 * A layer of a model: its name, its room and what its file said of it. A layer that is called several times is one
 * graph layer with several nodes.
 *
 * @param name unique in its graph
 * @param layer the room
 * @param config the configuration as the file holds it, for writing it back
 * @param trainable Keras's flag
 * @param weights specifications in Keras's order, fixed by the shapes of the first call
 */
public record GraphLayer(
        String name, Layer layer, Map<String, Object> config, boolean trainable, List<WeightSpec> weights) {
    public GraphLayer {
        weights = List.copyOf(weights);
    }

    /** Whether it is a model with layers of its own, a {@link NestedModel}. */
    public boolean isModel() {
        return layer instanceof NestedModel;
    }

    /** Whether it is a function of {@code keras.ops}, which Keras writes between the layers but does not count among them. */
    public boolean isOperation() {
        if (config.get("module") instanceof String module) {
            return module.startsWith("keras.src.ops") || module.startsWith("keras.ops");
        }
        // legacy files leave the module out, but all layers that come in the place of one have the flag
        return config.get("config") instanceof Map<?, ?> own
                && !own.containsKey("trainable")
                && !isModel()
                && !layer.className().equals("InputLayer")
                && !layer.className().startsWith("SpatialDropout");
    }

    @Override
    public String toString() {
        return "layer '" + name + "' (" + layer.className() + ")";
    }
}
