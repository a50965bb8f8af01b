package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Recognises files of Keras 1, which are not read: settings, weights and defaults have other names and meanings. */
final class Keras1 {
    /** Settings of layers that Keras 2 has other names for. */
    private static final Set<String> SETTINGS =
            Set.of("init", "inner_init", "W_regularizer", "dropout_W", "nb_filter", "nb_row", "consume_less");

    /** What objects of layers have since Keras 3, or since the last versions of Keras 2. */
    private static final Set<String> LATER = Set.of("module", "registered_name", "build_config");

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
        return anyLayer(root, Keras1::hasSetting) && !anyLayer(root, Keras1::isLater);
    }

    private static boolean hasSetting(Map<String, Object> layer) {
        return config(layer).keySet().stream().anyMatch(SETTINGS::contains);
    }

    /** A class of the user's own may have settings of any name; what Keras 3 writes beside them tells. */
    private static boolean isLater(Map<String, Object> layer) {
        return layer.keySet().stream().anyMatch(LATER::contains)
                || config(layer).containsKey("batch_shape");
    }

    private static Map<String, Object> config(Map<String, Object> layer) {
        return JsonTree.object(layer.get("config")).orElse(Map.of());
    }

    /** Whether one of the layers, those of models inside too, is such; depth is bounded by that of the JSON document. */
    private static boolean anyLayer(Map<String, Object> model, Predicate<Map<String, Object>> predicate) {
        for (Object value : TargetModel.layers(model)) {
            Map<String, Object> layer = JsonTree.object(value).orElse(Map.of());
            if (predicate.test(layer) || anyLayer(layer, predicate)) {
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
