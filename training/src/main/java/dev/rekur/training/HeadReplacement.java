package dev.rekur.training;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.training.initializer.InitialWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gives a model a new head: a layer with another number of units, whose weights begin as Keras would begin them. */
final class HeadReplacement {
    private HeadReplacement() {}

    static Model replace(Model model, String layer, int units, long seed) {
        Map<String, Object> before = model.configuration()
                .flatMap(configuration -> configuration.layer(layer))
                .orElseThrow(() -> new InvalidInputException("the model has no layer '" + layer + "'; its layers are "
                        + model.graph().layerPaths()));
        if (!(before.get("units") instanceof Number)) {
            throw new InvalidInputException(
                    "layer '" + layer + "' has no units to change; replace a Dense layer at the model's end");
        }
        if (units < 1) {
            throw new InvalidInputException("layer '" + layer + "': expected at least one unit, found " + units);
        }
        requireEnd(model.graph().flat(), layer);
        Map<String, Object> config = new LinkedHashMap<>(before);
        config.put("units", units);
        return model.withLayer(layer, config, spec -> initial(layer, config, spec, seed));
    }

    /** Weights of whatever came after the layer would not fit any more. */
    private static void requireEnd(Graph graph, String layer) {
        for (Node node : graph.nodes()) {
            for (Value input : node.inputs()) {
                if (graph.node(input).layer().name().equals(layer)) {
                    throw new InvalidInputException(
                            "layer '" + layer + "' is followed by " + node.layer()
                                    + ", whose weights belong to what it puts out now; replace a Dense layer at the model's end");
                }
            }
        }
    }

    private static FloatTensor initial(String layer, Map<String, Object> config, WeightSpec spec, long seed) {
        String key = spec.name() + "_initializer";
        float[] values = InitialWeights.drawn(
                "layer '" + layer + "'." + key, config.getOrDefault(key, fallback(spec)), layer, spec, seed);
        return FloatTensor.wrap(spec.shape(), values);
    }

    /** Keras's defaults. */
    private static String fallback(WeightSpec spec) {
        return spec.name().equals("bias") ? "zeros" : "glorot_uniform";
    }
}
