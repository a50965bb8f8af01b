package dev.rekur.format.keras;

import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names of the groups of a model's layers in a file. Keras 2.12 walks a list in which layers with weights stand twice, so that the
 * second Dense of a model is {@code dense_2}, where it is {@code dense_1} elsewhere.
 */
final class LayerGroups {
    private final boolean countsTwice;
    private final Map<String, Integer> counts = new HashMap<>();

    /**
     * @param layers of the graph, by name
     * @param isInFile whether the file has a group
     */
    LayerGroups(List<LayerEntry> entries, Map<String, GraphLayer> layers, Predicate<String> isInFile) {
        countsTwice = entries.stream()
                .anyMatch(entry -> hasWeights(layers.get(entry.name())) && !isInFile.test(entry.group()));
    }

    /** The group of the next layer; the empty text for an operation. */
    String next(LayerEntry entry, @Nullable GraphLayer layer) {
        if (entry.operation() || !countsTwice) {
            return entry.group();
        }
        String base = SnakeCase.of(entry.className());
        int times = hasWeights(layer) ? 2 : 1;
        int count = counts.merge(base, times, Integer::sum) - times;
        return count == 0 ? base : base + "_" + count;
    }

    private static boolean hasWeights(@Nullable GraphLayer layer) {
        if (layer == null) {
            return false;
        }
        return layer.layer() instanceof NestedModel nested
                ? nested.graph().layers().stream().anyMatch(LayerGroups::hasWeights)
                : !layer.weights().isEmpty();
    }
}
