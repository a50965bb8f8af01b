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

    @Override
    public String toString() {
        return "layer '" + name + "' (" + layer.className() + ")";
    }
}
