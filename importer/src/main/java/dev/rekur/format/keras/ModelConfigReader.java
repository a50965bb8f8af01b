package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the configuration of a model, {@code config.json} or {@code model_config}, into a graph. */
final class ModelConfigReader {
    private static final Set<String> ROOT_KEYS = Set.of(
            "module",
            "class_name",
            "config",
            "registered_name",
            "build_config",
            "compile_config",
            "keras_version",
            "backend",
            "name",
            "shared_object_id");
    private static final Set<String> MODEL_KEYS =
            Set.of("name", "trainable", "layers", "input_layers", "output_layers", "dtype", "build_input_shape");

    private ModelConfigReader() {}

    /**
     * Takes the configuration apart. If the model is of a class that Rekur cannot read, that is a problem and there are
     * no layers.
     *
     * @param source the file's name
     * @param place JSON path of the root, {@code $} or the attribute it came from
     */
    static ModelConfig read(
            String source, String place, Map<String, Object> root, KerasVersion version, List<Problem> problems) {
        String className = JsonTree.text(root.get("class_name"))
                .orElseThrow(
                        () -> damaged(source, place, "expected a model, an object with 'class_name' and 'config'"));
        String configPlace = place + ".config";
        Map<String, Object> config = JsonTree.object(root.get("config")).orElseGet(() -> {
            // Keras before 2.3 wrote the layers of a Sequential model as a list
            Map<String, Object> wrapped = new LinkedHashMap<>();
            JsonTree.list(root.get("config")).ifPresent(layers -> wrapped.put("layers", layers));
            return wrapped;
        });
        String name =
                JsonTree.text(config.get("name")).orElse(className.equals("Sequential") ? "sequential" : "functional");
        String kind = kind(className);
        boolean custom = root.get("registered_name") instanceof String registered && registered.contains(">");
        if (kind.isEmpty() || custom) {
            problems.add(new Problem(
                    "model '" + name + "' at " + place,
                    "a model of class '" + (custom ? root.get("registered_name") : className) + "' is not supported",
                    "Supported are Sequential and Functional models, whose files say how layers are connected; a class of"
                            + " its own says it in Python only. Rebuild it with the functional API, copy the weights over"
                            + " and save that.",
                    "docs/TROUBLESHOOTING.md#custom-model"));
            return new ModelConfig(source, configPlace, name, className, version, root, config, List.of(), problems);
        }
        List<?> layers = JsonTree.list(config.get("layers"))
                .orElseThrow(() -> damaged(source, configPlace, "expected a list 'layers'"));
        List<LayerEntry> entries = LayerEntries.read(source, configPlace + ".layers", layers);
        reportUnknown(root, ROOT_KEYS, place, problems);
        reportUnknown(config, MODEL_KEYS, configPlace, problems);
        return new ModelConfig(source, configPlace, name, kind, version, root, config, entries, problems);
    }

    /** The graph of the configuration; empty if there were problems. */
    static Optional<Graph> graph(ModelConfig model, LayerRegistry registry, Vocabularies vocabularies) {
        if (model.entries().isEmpty() && !model.problems().isEmpty()) {
            return Optional.empty();
        }
        LayerConfig.Origin origin = new LayerConfig.Origin(registry, model.version(), model.problems());
        LayerCache layers = new LayerCache(model, origin, vocabularies);
        boolean sequential = model.className().equals("Sequential");
        GraphBuilder builder = new GraphBuilder(
                model.name(), sequential ? Graph.Style.SEQUENTIAL : Graph.Style.FUNCTIONAL, model.problems());
        return sequential
                ? new SequentialReader(model, layers, builder).read()
                : new FunctionalReader(model, layers, builder).read();
    }

    /** Keras 2 called Functional models Model at first. */
    private static String kind(String className) {
        return switch (className) {
            case "Sequential" -> "Sequential";
            case "Functional", "Model" -> "Functional";
            default -> "";
        };
    }

    private static void reportUnknown(
            Map<String, Object> object, Set<String> known, String place, List<Problem> problems) {
        object.forEach((key, value) -> {
            if (!known.contains(key) && value != null) {
                problems.add(new Problem(
                        "model at " + place,
                        "unknown configuration key '" + key + "' = " + JsonTree.brief(value),
                        "Rekur does not know what this key changes and will not guess. If a newer Keras wrote it, a newer"
                                + " Rekur may read it",
                        "docs/TROUBLESHOOTING.md#unknown-key"));
            }
        });
    }

    private static ModelFormatException damaged(String source, String place, String what) {
        return new ModelFormatException(
                source + ": at " + place,
                what,
                "Save the model again.",
                "docs/TROUBLESHOOTING.md#damaged-configuration");
    }
}
