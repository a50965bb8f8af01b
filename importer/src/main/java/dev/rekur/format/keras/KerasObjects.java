package dev.rekur.format.keras;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keras 3's form of an object, {@code {module, class_name, config, registered_name}}. Keras 2 and legacy files leave out
 * the module, which follows from where the object stands.
 */
final class KerasObjects {
    private KerasObjects() {}

    /** An object of Keras itself. */
    static Map<String, Object> object(String module, String className, Map<String, Object> config) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("module", module);
        object.put("class_name", className);
        object.put("config", config);
        object.put("registered_name", null);
        return asObject(object);
    }

    /** Whether a value is an object with a class. */
    static boolean isObject(@Nullable Object value) {
        return value instanceof Map<?, ?> map
                && map.get("class_name") instanceof String
                && map.containsKey("config")
                && !"__keras_tensor__".equals(map.get("class_name"));
    }

    /** The module of what stands under a key of a layer's or an optimizer's configuration; null if no key says so. */
    static @Nullable String moduleOf(String key) {
        if (key.endsWith("_initializer")) {
            return "keras.initializers";
        }
        if (key.endsWith("_regularizer")) {
            return "keras.regularizers";
        }
        if (key.endsWith("_constraint")) {
            return "keras.constraints";
        }
        return switch (key) {
            case "layer", "backward_layer", "cell", "cells", "layers" -> "keras.layers";
            case "learning_rate" -> "keras.optimizers.schedules";
            case "dtype" -> "keras";
            default -> null;
        };
    }

    /** The value with the modules of all objects in it; those that have one keep it. */
    static @Nullable Object withModules(String key, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return JsonTree.mapped(list, element -> withModules(key, element));
        }
        if (!(value instanceof Map<?, ?>)) {
            return value;
        }
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        String module = moduleOf(key);
        Map<String, Object> object = JsonTree.object(value).orElseThrow();
        if (isObject(value) && !object.containsKey("module") && module != null) {
            changed.put("module", module);
        }
        object.forEach((name, inner) ->
                changed.put(name, name.equals("config") && isObject(value) ? configWithModules(inner) : inner));
        if (isObject(value)) {
            changed.putIfAbsent("registered_name", null);
        }
        return changed;
    }

    private static @Nullable Object configWithModules(@Nullable Object config) {
        if (!(config instanceof Map<?, ?>)) {
            return config;
        }
        Map<String, @Nullable Object> changed = new LinkedHashMap<>();
        JsonTree.object(config).orElseThrow().forEach((key, value) -> changed.put(key, withModules(key, value)));
        return changed;
    }

    /** Maps of JSON hold nulls, which the type does not say. */
    @SuppressWarnings("NullAway")
    static Map<String, Object> asObject(Map<String, @Nullable Object> map) {
        return map;
    }
}
