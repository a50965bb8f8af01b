package dev.rekur.model;

import dev.rekur.layer.LayerRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration a model was read from, kept so that it can be written back without loss.
 *
 * @param root Keras's object {@code {class_name, config, ...}} as the file holds it
 * @param kerasMajor 2 or 3: whose words these are
 * @param learned by name of a layer, what the file keeps apart from the configuration and belongs to it: vocabularies
 * @param registry the layers that the configuration may name
 */
public record ModelConfiguration(
        Map<String, Object> root, int kerasMajor, Map<String, Map<String, Object>> learned, LayerRegistry registry) {
    private static final String CONFIG = "config";
    private static final String LAYERS = "layers";
    private static final String BUILD_CONFIG = "build_config";

    /** The configuration of a layer of the model; empty if it has no such layer. */
    public Optional<Map<String, Object>> layer(String name) {
        return layers().stream()
                .filter(layer -> name.equals(nameOf(layer)))
                .map(layer -> object(layer.get(CONFIG)))
                .findFirst();
    }

    /**
     * The same with another configuration of one layer.
     *
     * @throws IllegalArgumentException if there is no such layer
     */
    ModelConfiguration withLayer(String name, Map<String, Object> config) {
        Map<String, Object> before =
                layer(name).orElseThrow(() -> new IllegalArgumentException("there is no layer '" + name + "'"));
        boolean reshaped = !without(before, "trainable").equals(without(config, "trainable"));
        List<Map<String, Object>> changed = new ArrayList<>();
        for (Map<String, Object> layer : layers()) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(layer);
            if (reshaped && !changed.isEmpty()) {
                // shapes that Keras infers again if they are not there; the first layer's may be all that says the
                // input's
                copy.remove(BUILD_CONFIG);
            }
            if (name.equals(nameOf(layer))) {
                copy.put(CONFIG, Collections.unmodifiableMap(new LinkedHashMap<>(config)));
            }
            changed.add(Collections.unmodifiableMap(copy));
        }
        Map<String, @Nullable Object> model = new LinkedHashMap<>(object(root.get(CONFIG)));
        model.put(LAYERS, Collections.unmodifiableList(changed));
        Map<String, @Nullable Object> changedRoot = new LinkedHashMap<>(root);
        changedRoot.put(CONFIG, root.get(CONFIG) instanceof List<?> ? changed : Collections.unmodifiableMap(model));
        return new ModelConfiguration(Collections.unmodifiableMap(changedRoot), kerasMajor, learned, registry);
    }

    /** The layers' objects; Keras before 2.3 wrote those of a Sequential model without anything around them. */
    private List<Map<String, Object>> layers() {
        Object config = root.get(CONFIG);
        Object layers = config instanceof Map<?, ?> model ? model.get(LAYERS) : config;
        List<Map<String, Object>> found = new ArrayList<>();
        if (layers instanceof List<?> list) {
            list.forEach(layer -> found.add(object(layer)));
        }
        return found;
    }

    private static @Nullable Object nameOf(Map<String, Object> layer) {
        Object name = layer.get("name");
        return name == null ? object(layer.get(CONFIG)).get("name") : name;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of(); // keys of JSON are strings
    }

    private static Map<String, @Nullable Object> without(Map<String, Object> config, String key) {
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(config);
        rest.remove(key);
        return rest;
    }
}
