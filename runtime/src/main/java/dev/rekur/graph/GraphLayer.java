package dev.rekur.graph;

import dev.rekur.layer.KerasFunction;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.WeightSettings;
import dev.rekur.layer.WeightSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer of a model. One that is called several times is one graph layer with several nodes.
 *
 * @param named the layer with its name, unique in its graph, and its settings
 * @param weights specifications in Keras's order, fixed by the shapes of the first call
 */
public record GraphLayer(NamedLayer named, List<WeightSpec> weights) {
    /** Copies the list. */
    public GraphLayer {
        weights = List.copyOf(weights);
    }

    /** Unique in its graph. */
    public String name() {
        return named.name();
    }

    /** What it computes. */
    public Layer layer() {
        return named.layer();
    }

    /** Keras's flag. */
    public boolean trainable() {
        return named.trainable();
    }

    /** Whether it is a model with layers of its own, a {@link NestedModel}. */
    public boolean isModel() {
        return layer() instanceof NestedModel;
    }

    /** Whether it is a function of {@code keras.ops}, which Keras writes between the layers but does not count among them. */
    public boolean isOperation() {
        return layer() instanceof KerasFunction;
    }

    /** What the configuration says of a weight; null if it says nothing. */
    public @Nullable WeightSettings settings(WeightSpec weight) {
        return named.settings(weight);
    }

    /** Whether gradients move a weight: its own nature, and the flag of the layer that holds it. */
    public boolean trains(WeightSpec weight) {
        return named.trains(weight);
    }

    /** Whether the layer that computes with its weights is trained: of a wrapper that which it wraps. */
    public boolean isTrained() {
        return named.isTrained(weights);
    }

    @Override
    public String toString() {
        return "layer '" + name() + "' (" + layer().className() + ")";
    }
}
