package dev.rekur.layer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A layer with everything else that Keras keeps of it: its name, whether it is trained, and settings that change nothing about
 * what it computes.
 *
 * @param name unique in its model; of a wrapped layer the name in its own configuration
 * @param layer what it computes
 * @param trainable Keras's flag
 * @param settings of its weights, by {@link WeightSpec#name}; of a {@link Wrapper} the wrapped layers have them
 * @param activityRegularizer what its outputs cost in training, as Keras serializes it; null for nothing
 * @param dtypePolicy the name of Keras's dtype policy
 */
public record NamedLayer(
        String name,
        Layer layer,
        boolean trainable,
        Map<String, WeightSettings> settings,
        @Nullable Object activityRegularizer,
        String dtypePolicy) {
    /** Copies the map. */
    public NamedLayer {
        settings = Map.copyOf(settings);
    }

    /** A layer that is trained, with no further settings. */
    public static NamedLayer of(String name, Layer layer) {
        return new NamedLayer(name, layer, true, Map.of(), null, DtypePolicy.FLOAT32);
    }

    /** The same with another layer, which must have the same weights. */
    public NamedLayer withLayer(Layer other) {
        return new NamedLayer(name, other, trainable, settings, activityRegularizer, dtypePolicy);
    }

    /** The same under another name. */
    public NamedLayer withName(String other) {
        return new NamedLayer(other, layer, trainable, settings, activityRegularizer, dtypePolicy);
    }

    /** The same, frozen or not, and so the layers that it wraps: as Keras does when the flag is set. */
    public NamedLayer withTrainable(boolean flag) {
        Layer inner = layer;
        if (layer instanceof Wrapper wrapper) {
            Map<String, NamedLayer> flagged = new LinkedHashMap<>();
            wrapper.wrapped().forEach((attribute, wrapped) -> flagged.put(attribute, wrapped.withTrainable(flag)));
            inner = wrapper.withWrapped(flagged);
        }
        return new NamedLayer(name, inner, flag, settings, activityRegularizer, dtypePolicy);
    }

    /**
     * The layer as an object of Keras: {@code {module, class_name, config, registered_name}}, which {@link LayerRegistry#read}
     * reads.
     *
     * @throws UnsupportedOperationException if the layer cannot be written
     */
    public Map<String, @Nullable Object> toObject() {
        LayerConfigWriter config = new LayerConfigWriter().put("name", name);
        if (layer.hasTrainableFlag()) {
            config.put("trainable", trainable);
        }
        layer.toConfig(config);
        if (!dtypePolicy.equals(DtypePolicy.FLOAT32)) { // which is what Keras has if nothing is said
            config.put("dtype", dtypePolicy);
        }
        putIfPresent(config, "activity_regularizer", activityRegularizer);
        settings.values().forEach(weight -> {
            putIfPresent(config, weight.initializerKey(), weight.initializer());
            putIfPresent(config, weight.regularizerKey(), weight.regularizer());
            putIfPresent(config, weight.constraintKey(), weight.constraint());
        });
        String className = layer.className();
        boolean custom = className.contains(">");
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("module", custom ? null : layer instanceof KerasFunction ? "keras.src.ops" : "keras.layers");
        object.put("class_name", className.substring(className.lastIndexOf('>') + 1));
        object.put("config", config.values());
        object.put("registered_name", custom ? className : null);
        return Collections.unmodifiableMap(object);
    }

    /** Keras takes a key that is missing for its default. */
    private static void putIfPresent(LayerConfigWriter config, String key, @Nullable Object value) {
        if (value != null) {
            config.json(key, value);
        }
    }

    /** What the configuration says of a weight; null if it says nothing. */
    public @Nullable WeightSettings settings(WeightSpec weight) {
        return holder(weight).settings.get(weight.name());
    }

    /**
     * Whether gradients move a weight: its own nature and its layer's flag. Of a wrapped layer its own flag counts, and that of
     * the layer around it does not: Keras passes that on when it is set, but not when a file is loaded.
     */
    public boolean trains(WeightSpec weight) {
        return weight.trainable() && holder(weight).trainable;
    }

    /**
     * Whether the layer that computes with the weights is trained: of a wrapper that which it wraps.
     *
     * @param weights of this layer
     */
    public boolean isTrained(List<WeightSpec> weights) {
        return weights.isEmpty() ? trainable : holder(weights.get(0)).trainable;
    }

    /** The layer that has a weight: this one, or of a wrapper the innermost one that it wraps. */
    public NamedLayer holder(WeightSpec weight) {
        return holder(weight.owner());
    }

    private NamedLayer holder(String owner) {
        if (layer instanceof Wrapper wrapper) {
            int slash = owner.indexOf('/');
            NamedLayer wrapped = wrapper.wrapped().get(slash < 0 ? owner : owner.substring(0, slash));
            if (wrapped != null) {
                return wrapped.holder(slash < 0 ? "" : owner.substring(slash + 1));
            }
        }
        return this;
    }
}
