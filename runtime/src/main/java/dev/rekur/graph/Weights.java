package dev.rekur.graph;

import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights of a model by layer and {@link WeightSpec#path}; immutable. Those of a model inside the model are the same whether
 * one asks for {@code dense/kernel} of {@code encoder}, or for {@code kernel} of {@code encoder/dense}.
 */
public final class Weights {
    private final Map<String, FloatTensor> byPath;

    private Weights(Map<String, FloatTensor> byPath) {
        this.byPath = byPath;
    }

    /**
     * The weight of a layer.
     *
     * @throws IllegalArgumentException if the layer has no such weight
     */
    public FloatTensor get(String layerName, String path) {
        FloatTensor weight = byPath.get(layerName + "/" + path);
        if (weight == null) {
            throw new IllegalArgumentException("no weight '" + path + "' in layer '" + layerName + "'");
        }
        return weight;
    }

    /** The weights of a layer in Keras's order. */
    public List<FloatTensor> of(GraphLayer layer) {
        return layer.weights().stream()
                .map(spec -> get(layer.name(), spec.path()))
                .toList();
    }

    /** The weights of another graph: those of the same place and shape, and new ones where there are none. */
    public Weights fitted(Graph graph, Function<WeightSpec, FloatTensor> newWeights) {
        Builder fitted = builder();
        for (GraphLayer layer : graph.layers()) {
            for (WeightSpec spec : layer.weights()) {
                FloatTensor known = byPath.get(layer.name() + "/" + spec.path());
                fitted.put(
                        layer.name(),
                        spec,
                        known != null && known.shape().equals(spec.shape()) ? known : newWeights.apply(spec));
            }
        }
        return fitted.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects weights and checks each against its specification. */
    public static final class Builder {
        private final Map<String, FloatTensor> byPath = new HashMap<>();

        private Builder() {}

        /**
         * Adds a weight.
         *
         * @throws IllegalArgumentException if its shape is not the specified one
         */
        public Builder put(String layerName, WeightSpec spec, FloatTensor weight) {
            if (!weight.shape().equals(spec.shape())) {
                throw new IllegalArgumentException("weight '" + spec.path() + "' of layer '" + layerName
                        + "': expected shape " + spec.shape() + ", found " + weight.shape());
            }
            byPath.put(layerName + "/" + spec.path(), weight);
            return this;
        }

        public Weights build() {
            return new Weights(Map.copyOf(byPath));
        }
    }
}
