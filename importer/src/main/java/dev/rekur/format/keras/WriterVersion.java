package dev.rekur.format.keras;

import dev.rekur.layer.KerasVersion;
import java.util.Map;
import java.util.Optional;

/** Finds out which Keras wrote a file. */
final class WriterVersion {
    private WriterVersion() {}

    /**
     * The version that the file says, or the newest of those that write such a configuration.
     *
     * @param said as the file says beside the configuration, if it does
     * @param root the configuration; Keras 2 says its version in it
     */
    static KerasVersion of(Optional<String> said, Map<String, Object> root) {
        return said(said, root).orElse(namesInputsAsKeras2(root) ? KerasVersion.LAST_OF_KERAS_2 : KerasVersion.NEWEST);
    }

    /** The version that the file says, if it does. */
    static Optional<KerasVersion> said(Optional<String> said, Map<String, Object> root) {
        return said.flatMap(KerasVersion::parse)
                .or(() -> JsonTree.text(root.get("keras_version")).flatMap(KerasVersion::parse));
    }

    private static boolean namesInputsAsKeras2(Map<String, Object> root) {
        for (Object value : TargetModel.layers(root)) {
            Map<String, Object> layer = JsonTree.object(value).orElse(Map.of());
            Map<String, Object> config = JsonTree.object(layer.get("config")).orElse(Map.of());
            if (config.containsKey("batch_input_shape")) {
                return true; // Keras 3 calls it batch_shape
            }
        }
        return false;
    }
}
