package dev.rekur.format.keras;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells Keras 2 from Keras 3, which mean different things by some of the same words. */
final class KerasVersion {
    private KerasVersion() {}

    /**
     * 2 (for 1 and 2) or 3.
     *
     * @param version as the file says, if it does
     * @param root the configuration
     */
    static int major(Optional<String> version, Map<String, Object> root) {
        Optional<String> known = version.or(() -> JsonTree.text(root.get("keras_version")));
        if (known.isPresent()) {
            return known.get().startsWith("1.") || known.get().startsWith("2.") ? 2 : 3;
        }
        Map<String, Object> config = JsonTree.object(root.get("config")).orElse(Map.of());
        for (Object value : JsonTree.list(config.get("layers")).orElse(List.of())) {
            Map<String, Object> layer = JsonTree.object(value).orElse(Map.of());
            Map<String, Object> layerConfig =
                    JsonTree.object(layer.get("config")).orElse(Map.of());
            if (layerConfig.containsKey("batch_input_shape")) {
                return 2; // Keras 3 calls it batch_shape
            }
        }
        return 3;
    }
}
