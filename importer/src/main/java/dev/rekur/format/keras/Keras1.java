package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Recognises files of Keras 1, which are not read: settings, weights and defaults have other names and meanings. */
final class Keras1 {
    /** Settings of layers that Keras 2 has other names for. */
    private static final Set<String> SETTINGS =
            Set.of("init", "inner_init", "W_regularizer", "dropout_W", "nb_filter", "nb_row", "consume_less");

    private Keras1() {}

    /**
     * Whether Keras 1 wrote a configuration.
     *
     * @param version as the file says, if it does
     */
    static boolean wrote(Optional<String> version, Map<String, Object> root) {
        Optional<String> known = version.or(() -> JsonTree.text(root.get("keras_version")));
        if (known.isPresent()) {
            return known.get().startsWith("0.") || known.get().startsWith("1.");
        }
        return hasSettings(root);
    }

    /** Depth is bounded by that of the JSON document. */
    private static boolean hasSettings(Map<String, Object> model) {
        Object config = model.get("config");
        List<?> layers = JsonTree.list(config)
                .or(() -> JsonTree.object(config).flatMap(object -> JsonTree.list(object.get("layers"))))
                .orElse(List.of());
        for (Object value : layers) {
            Map<String, Object> layer = JsonTree.object(value).orElse(Map.of());
            Map<String, Object> settings = JsonTree.object(layer.get("config")).orElse(Map.of());
            if (settings.keySet().stream().anyMatch(SETTINGS::contains) || hasSettings(layer)) {
                return true;
            }
        }
        return false;
    }

    /** What there is to say of such a file. */
    static Problem problem(String place) {
        return new Problem(
                "model at " + place,
                "Keras 1 wrote the file, which Rekur does not read",
                "Keras 2 converts it: install keras==2.3.1, load the model and save it again.",
                "docs/TROUBLESHOOTING.md#keras-1");
    }
}
