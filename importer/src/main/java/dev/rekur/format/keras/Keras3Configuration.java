package dev.rekur.format.keras;

import dev.rekur.layer.KerasVersion;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model's configuration in Keras 3's words. What Keras 3 wrote stays as it is, but that legacy files leave out modules,
 * which are added: with them, Keras reads even those of its own legacy files that it refuses as they are. What Keras 2
 * wrote is translated.
 */
final class Keras3Configuration {
    private Keras3Configuration() {}

    /**
     * The object {@code {module, class_name, config, registered_name, ...}}.
     *
     * @param selfContained whether vocabularies become part of it, for formats that have no other place
     * @throws dev.rekur.error.UnsupportedModelException if Keras 3 has no words for it
     */
    static Map<String, Object> of(Model model, boolean selfContained) {
        ModelConfiguration source = TargetModel.configuration(model);
        Map<String, Object> root =
                source.kerasMajor() == 3 ? inNewestWords(model, source) : new Keras3Translation(model).root();
        return selfContained ? withLearned(source, root) : root;
    }

    /** What is kept as it stands must mean to the newest Keras 3 what it meant to the one that wrote it. */
    private static Map<String, Object> inNewestWords(Model model, ModelConfiguration source) {
        Map<String, Object> root = withModules(source.root());
        boolean maskEnds =
                model.graph().flat().nodes().stream().anyMatch(node -> node.mask() != null && !node.masksPass());
        if (maskEnds || source.version().mergedMasks() != KerasVersion.NEWEST.mergedMasks()) {
            Translations.requireSame(model, root, 3, new HardSigmoids(model, 3), new ArrayList<>());
        }
        return root;
    }

    /** A model, or one among the layers, with modules. */
    private static Map<String, Object> withModules(Map<String, Object> root) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        boolean sequential = "Sequential".equals(root.get("class_name"));
        if (!root.containsKey("module")) {
            changed.put("module", moduleOfModel(sequential));
        }
        changed.putAll(root);
        changed.putIfAbsent("registered_name", sequential ? null : "Functional");
        changed.remove("keras_version");
        changed.remove("backend");
        changed.put("config", mapLayers(root, Keras3Configuration::withModule));
        return KerasObjects.asObject(changed);
    }

    /** The module of a model's class. */
    static String moduleOfModel(boolean sequential) {
        return sequential ? "keras" : "keras.src.models.functional";
    }

    private static Map<String, Object> withModule(Map<String, Object> layer) {
        if (layer.containsKey("module")) {
            return layer;
        }
        if (isModel(layer)) {
            return withModules(layer);
        }
        boolean operation = LayerEntries.isOperation(
                layer, JsonTree.object(layer.get("config")).orElse(Map.of()));
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        changed.put("module", operation ? "keras.src.ops.numpy" : "keras.layers");
        layer.forEach((key, value) -> {
            changed.put(key, value);
            if (key.equals("config")) {
                changed.put("registered_name", operation ? layer.get("class_name") : null);
            }
        });
        Object whole = KerasObjects.withModules("layer", KerasObjects.asObject(changed));
        return JsonTree.object(whole).orElseThrow();
    }

    static Map<String, Object> withLearned(ModelConfiguration source, Map<String, Object> root) {
        return source.learned().isEmpty() ? root : withLearned(source, root, "");
    }

    private static Map<String, Object> withLearned(
            ModelConfiguration source, Map<String, Object> model, String prefix) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(model);
        changed.put("config", mapLayers(model, layer -> {
            Map<String, Object> config = JsonTree.object(layer.get("config")).orElse(Map.of());
            String path = prefix + config.get("name");
            if (isModel(layer)) {
                return withLearned(source, layer, path + "/");
            }
            Map<String, @Nullable Object> whole = new LinkedHashMap<>(layer);
            whole.put("config", LearnedText.inject(source, path, config));
            return KerasObjects.asObject(whole);
        }));
        return KerasObjects.asObject(changed);
    }

    /** Whether a layer's object is that of a model. */
    static boolean isModel(Map<String, Object> layer) {
        return LayerEntry.isModel(JsonTree.text(layer.get("class_name")).orElse(""));
    }

    /** The model's configuration with each layer changed; those inside nested models are not. */
    static Map<String, Object> mapLayers(
            Map<String, Object> root, java.util.function.UnaryOperator<Map<String, Object>> change) {
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(root.get("config")).orElse(Map.of()));
        config.put(
                "layers",
                JsonTree.mapped(
                        TargetModel.layers(root),
                        layer -> change.apply(JsonTree.object(layer).orElse(Map.of()))));
        return KerasObjects.asObject(config);
    }
}
