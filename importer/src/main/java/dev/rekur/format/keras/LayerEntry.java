package dev.rekur.format.keras;

import java.util.Map;

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
        java.util.List<?> inboundNodes) {
    /** For messages: {@code layer 'lstm_1' (LSTM)}. */
    String owner() {
        return "layer '" + name + "' (" + className + ")";
    }

    /** The layer's own configuration. */
    Map<String, Object> config() {
        return JsonTree.object(object.get("config")).orElse(Map.of());
    }

    boolean isInput() {
        return className.equals("InputLayer") && !operation;
    }

    boolean trainable() {
        return !Boolean.FALSE.equals(config().get("trainable"));
    }
}
