package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import dev.rekur.tensor.FloatTensor;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Models of a configuration with weights at random. */
final class RandomModels {
    private RandomModels() {}

    /**
     * A model.
     *
     * @param root its configuration
     * @param version the Keras that wrote it
     */
    static Model read(Map<String, Object> root, KerasVersion version) {
        ModelConfiguration configuration = new ModelConfiguration(root, version, Map.of(), StandardLayers.registry());
        Graph graph = new KerasGraphs().read(configuration);
        Random random = new Random(1);
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : graph.layers()) {
            layer.weights()
                    .forEach(spec -> weights.put(
                            layer.name(),
                            spec,
                            FloatTensor.wrap(
                                    spec.shape(), floats(random, spec.shape().size()))));
        }
        return new Model(graph, weights.build(), Optional.empty(), Optional.of(configuration));
    }

    /** From 0.2 to 1.2, since there are variances among them. */
    static float[] floats(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 0.2f + random.nextFloat();
        }
        return values;
    }
}
