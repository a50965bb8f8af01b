package dev.rekur.model;

import dev.rekur.layer.KerasVersion;
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
 * @param version the Keras whose words these are
 * @param learned by path of a layer, what the file keeps apart from the configuration and belongs to it: vocabularies
 * @param registry the layers that the configuration may name
 */
public record ModelConfiguration(
        Map<String, Object> root,
        KerasVersion version,
        Map<String, Map<String, Object>> learned,
        LayerRegistry registry) {
    private static final String CONFIG = "config";
    private static final String LAYERS = "layers";
    private static final String BUILD_CONFIG = "build_config";

    /** 2 or 3. */
    public int kerasMajor() {
        return version.major();
    }

    /**
     * The configuration of a layer of the model; empty if it has no such layer.
     *
     * @param path its name, or its path in a nested model: {@code encoder/dense}
     */
    public Optional<Map<String, Object>> layer(String path) {
        return layer(root, path);
    }

    private static Optional<Map<String, Object>> layer(Map<String, Object> model, String path) {
        for (Map<String, Object> layer : layers(model)) {
            if (path.equals(nameOf(layer))) {
                return Optional.of(object(layer.get(CONFIG)));
            }
            if (isAround(layer, path)) {
                return layer(layer, below(layer, path));
            }
        }
        return Optional.empty();
    }

    /** Whether a layer is a model that holds the layer of a path. */
    private static boolean isAround(Map<String, Object> layer, String path) {
        return path.startsWith(nameOf(layer) + "/") && !layers(layer).isEmpty();
    }

    private static String below(Map<String, Object> layer, String path) {
        return path.substring((nameOf(layer) + "/").length());
    }

    /**
     * The same with another configuration of one layer.
     *
     * @param path its name, or its path in a nested model
     * @throws IllegalArgumentException if there is no such layer
     */
    ModelConfiguration withLayer(String path, Map<String, Object> config) {
        Map<String, Object> before =
                layer(path).orElseThrow(() -> new IllegalArgumentException("there is no layer '" + path + "'"));
        boolean reshaped = !without(before, "trainable").equals(without(config, "trainable"));
        return new ModelConfiguration(withLayer(root, path, config, reshaped), version, learned, registry);
    }

    private static Map<String, Object> withLayer(
            Map<String, Object> model, String path, Map<String, Object> config, boolean reshaped) {
        List<Map<String, Object>> changed = new ArrayList<>();
        for (Map<String, Object> layer : layers(model)) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>(layer);
            if (reshaped && !changed.isEmpty()) {
                // shapes that Keras infers again if they are not there; the first layer's may be all that says the
                // input's
                copy.remove(BUILD_CONFIG);
            }
            if (path.equals(nameOf(layer))) {
                copy.put(CONFIG, Collections.unmodifiableMap(new LinkedHashMap<>(config)));
            } else if (isAround(layer, path)) {
                copy.put(
                        CONFIG,
                        withLayer(layer, below(layer, path), config, reshaped).get(CONFIG));
            }
            changed.add(Collections.unmodifiableMap(copy));
        }
        Map<String, @Nullable Object> own = new LinkedHashMap<>(object(model.get(CONFIG)));
        own.put(LAYERS, Collections.unmodifiableList(changed));
        Map<String, @Nullable Object> around = new LinkedHashMap<>(model);
        around.put(CONFIG, model.get(CONFIG) instanceof List<?> ? changed : Collections.unmodifiableMap(own));
        return Collections.unmodifiableMap(around);
    }

    /** The layers' objects; Keras before 2.3 wrote those of a Sequential model without anything around them. */
    private static List<Map<String, Object>> layers(Map<String, Object> model) {
        Object config = model.get(CONFIG);
        Object layers = config instanceof Map<?, ?> own ? own.get(LAYERS) : config;
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
