package dev.rekur.graph;

import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.WeightSpec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /**
     * Keras's configuration of the object that holds a weight, as far as it has one of its own: of a layer that is wrapped, inside
     * a Bidirectional or a TimeDistributed, else of this one.
     */
    public Map<String, Object> configuration(WeightSpec weight) {
        Map<String, Object> holder = object(config.get("config"));
        for (String part : weight.owner().split("/")) {
            switch (part) {
                case "layer", "forward_layer" ->
                    holder = object(object(holder.get("layer")).get("config"));
                case "backward_layer" -> {
                    Object half = holder.get(part) != null ? holder.get(part) : holder.get("layer");
                    holder = object(object(half).get("config"));
                }
                default -> {
                    return holder; // a cell, or the layer itself
                }
            }
        }
        return holder;
    }

    /**
     * Whether gradients move a weight: its own nature and its layer's flag. Of a wrapped layer its own flag counts, and that of
     * the layer around it does not: Keras passes that on when it is set, but not when a file is loaded.
     */
    public boolean trains(WeightSpec weight) {
        return weight.trainable() && isTrained(weight);
    }

    /** Whether the layer that computes with its weights is trained: of a wrapper that which it wraps. */
    public boolean isTrained() {
        return weights.isEmpty() ? trainable : isTrained(weights.get(0));
    }

    private boolean isTrained(WeightSpec weight) {
        boolean wrapped = weight.owner().matches("(layer|forward_layer|backward_layer)(/.*)?");
        return wrapped ? !Boolean.FALSE.equals(configuration(weight).get("trainable")) : trainable;
    }

    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? LayerConfig.asObject(map) : Map.of();
    }

    @Override
    public String toString() {
        return "layer '" + name + "' (" + layer.className() + ")";
    }
}
