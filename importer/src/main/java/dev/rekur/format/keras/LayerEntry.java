package dev.rekur.format.keras;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One layer of a configuration.
 *
 * @param name unique in the model
 * @param className Keras's class name
 * @param operation true for a function of {@code keras.ops}, which Keras writes between the layers
 * @param group name of its group in a weights file, for example {@code dense_1}; empty for operations
 * @param place JSON path
 * @param object what the file holds, without the calls
 * @param inboundNodes the calls; empty in a Sequential model
 */
record LayerEntry(
        String name,
        String className,
        boolean operation,
        String group,
        String place,
        Map<String, Object> object,
        List<?> inboundNodes) {
    /** Keras 2 called Functional models Model at first. */
    private static final Set<String> MODELS = Set.of("Functional", "Sequential", "Model");

    /** For messages: {@code layer 'lstm_1' (LSTM)}. */
    String owner() {
        return "layer '" + name + "' (" + className + ")";
    }

    /** The layer's own configuration. */
    Map<String, Object> config() {
        return JsonTree.object(object.get("config")).orElse(Map.of());
    }

    /** Whether it is a model with layers of its own. */
    boolean isModel() {
        return !operation && isModel(className);
    }

    /** Whether a class is that of models. */
    static boolean isModel(String className) {
        return MODELS.contains(className);
    }

    /** A model's layers. */
    List<?> layers() {
        return JsonTree.list(object.get("config"))
                .or(() -> JsonTree.list(config().get("layers")))
                .orElse(List.of());
    }

    boolean isInput() {
        return className.equals("InputLayer") && !operation;
    }

    boolean trainable() {
        return !Boolean.FALSE.equals(config().get("trainable"));
    }
}
