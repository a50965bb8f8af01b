package dev.rekur.training.initializer;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.RandomNumbers;
import dev.rekur.layer.NamedLayer;
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
        NamedLayer holder = layer.named().holder(spec);
        WeightSettings settings = layer.settings(spec);
        Object named = settings == null ? null : settings.initializer();
        float[] values = drawn(
                layer + "." + (settings == null ? spec.name() : settings.initializerKey()),
                named == null ? holder.layer().defaultInitializer(spec) : named,
                layer.name(),
                spec,
                seed);
        holder.layer().adjustFreshValues(spec, values);
        return FloatTensor.wrap(spec.shape(), values);
    }

    /**
     * What an initializer draws for a weight.
     *
     * @param place where the initializer is named, for messages
     * @param initializer as Keras serializes it
     * @param layer path of the layer
     * @throws dev.rekur.error.UnsupportedModelException if Rekur lacks the initializer
     */
    public static float[] drawn(String place, Object initializer, String layer, WeightSpec spec, long seed) {
        List<Problem> problems = new ArrayList<>();
        Initializer read = Initializers.fromConfig(place, initializer, problems)
                .orElseThrow(() -> Problem.exception("layer '" + layer + "'", problems));
        float[] values = new float[spec.shape().size()];
        read.fill(values, spec.shape(), RandomNumbers.key(seed, (layer + "/" + spec.path()).hashCode()));
        return values;
    }
}
