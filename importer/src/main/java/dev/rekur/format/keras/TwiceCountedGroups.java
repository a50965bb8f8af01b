package dev.rekur.format.keras;

import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of layers' groups as Keras 2.12 counts them: it walks a list in which layers with weights stand twice, so that the second
 * Dense of a model is {@code dense_2}.
 */
final class TwiceCountedGroups {
    private final Map<String, Integer> counts = new HashMap<>();

    /** The group of a model's next layer; the empty text for an operation. */
    String of(LayerEntry entry, @Nullable GraphLayer layer) {
        if (entry.operation()) {
            return "";
        }
        String base = SnakeCase.of(entry.className());
        int times = layer != null && hasWeights(layer) ? 2 : 1;
        int count = counts.merge(base, times, Integer::sum) - times;
        return count == 0 ? base : base + "_" + count;
    }

    private static boolean hasWeights(GraphLayer layer) {
        return layer.layer() instanceof NestedModel nested
                ? nested.graph().layers().stream().anyMatch(TwiceCountedGroups::hasWeights)
                : !layer.weights().isEmpty();
    }
}
