package dev.rekur.training.initializer;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.WeightSettings;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Fresh weights, as Keras's initializers would draw them: those that the layers' settings name, or else Keras's defaults. The
 * random numbers are other ones than Keras's; the same seed gives the same weights.
 */
public final class InitialWeights {
    private InitialWeights() {}

    /**
     * Weights for every layer of a graph.
     *
     * @throws dev.rekur.error.UnsupportedModelException if Rekur lacks an initializer
     */
    public static Weights of(Graph graph, long seed) {
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : graph.flat().layers()) {
            for (WeightSpec spec : layer.weights()) {
                weights.put(layer.name(), spec, of(layer, spec, seed));
            }
        }
        return weights.build();
    }

    /**
     * A fresh weight of a layer.
     *
     * @throws dev.rekur.error.UnsupportedModelException if Rekur lacks its initializer
     */
    public static FloatTensor of(GraphLayer layer, WeightSpec spec, long seed) {
        WeightSettings settings = layer.settings(spec);
        Object named = settings == null ? null : settings.initializer();
        List<Problem> problems = new ArrayList<>();
        Initializer initializer = Initializers.fromConfig(
                        layer + "." + (settings == null ? spec.name() : settings.initializerKey()),
                        named == null ? layer.layer().defaultInitializer(spec) : named,
                        problems)
                .orElseThrow(() -> Problem.exception(layer.toString(), problems));
        float[] values = new float[spec.shape().size()];
        initializer.fill(values, spec.shape(), RandomNumbers.key(seed, (layer.name() + "/" + spec.path()).hashCode()));
        layer.layer().adjustFreshValues(spec, values);
        return FloatTensor.wrap(spec.shape(), values);
    }
}
