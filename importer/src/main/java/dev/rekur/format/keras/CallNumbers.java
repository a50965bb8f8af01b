package dev.rekur.format.keras;

import dev.rekur.format.keras.CallReader.TensorReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How a file numbers the calls of its layers. They count from 0, but a model inside the model counts as having been called once
 * when it was made: in Keras 2 everywhere, in Keras 3 among the model's outputs, and there only if it is Functional
 * ({@code get_config} in {@code keras/src/models/functional.py}, {@code _should_skip_first_node} in Keras 2).
 */
final class CallNumbers {
    private final int kerasMajor;
    private final Map<String, LayerEntry> entries = new HashMap<>();

    CallNumbers(List<LayerEntry> layers, int kerasMajor) {
        this.kerasMajor = kerasMajor;
        layers.forEach(entry -> entries.put(entry.name(), entry));
    }

    /** A tensor that a call takes, counted from 0. */
    TensorReference ofCall(TensorReference inFile) {
        return moved(inFile, -first(inFile.layer(), false));
    }

    /** A tensor that the model puts out, counted from 0. */
    TensorReference ofOutput(TensorReference inFile) {
        return moved(inFile, -first(inFile.layer(), true));
    }

    /** A tensor that a call takes, as the file numbers it. */
    TensorReference inCall(TensorReference counted) {
        return moved(counted, first(counted.layer(), false));
    }

    /** A structure of the tensors that the model puts out, as another file numbers them that has the same layers. */
    @Nullable
    Object outputsIn(CallNumbers other, @Nullable Object structure) {
        return mapped(structure, tensor -> {
            TensorReference counted = ofOutput(tensor);
            return moved(counted, other.first(counted.layer(), true));
        });
    }

    private static @Nullable Object mapped(@Nullable Object structure, UnaryOperator<TensorReference> change) {
        TensorReference tensor = CallReader.reference(structure);
        if (tensor != null) {
            TensorReference changed = change.apply(tensor);
            return List.of(changed.layer(), (long) changed.node(), (long) changed.output());
        }
        if (structure instanceof List<?> list) {
            return JsonTree.mapped(list, element -> mapped(element, change));
        }
        if (structure instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> all = new java.util.LinkedHashMap<>();
            map.forEach((key, element) -> all.put(String.valueOf(key), mapped(element, change)));
            return all;
        }
        return structure;
    }

    /** The number of a layer's first call. */
    private int first(String layer, boolean output) {
        LayerEntry entry = entries.get(layer);
        if (entry == null || !entry.isModel()) {
            return 0;
        }
        boolean sequential = entry.className().equals("Sequential");
        if (kerasMajor == 3) {
            return output && !sequential ? 1 : 0;
        }
        return !sequential || beginsWithInput(entry) ? 1 : 0;
    }

    /** Keras 2 makes an InputLayer where the first layer says the shape, which it does when it is one, or a model. */
    private static boolean beginsWithInput(LayerEntry sequential) {
        Map<String, Object> first = sequential.layers().stream()
                .findFirst()
                .flatMap(JsonTree::object)
                .orElse(Map.of());
        String className = JsonTree.text(first.get("class_name")).orElse("");
        return className.equals("InputLayer")
                || LayerEntry.isModel(className)
                || JsonTree.object(first.get("config"))
                        .filter(config -> config.get("batch_input_shape") != null)
                        .isPresent();
    }

    private static TensorReference moved(TensorReference tensor, int by) {
        return new TensorReference(tensor.layer(), tensor.node() + by, tensor.output());
    }
}
