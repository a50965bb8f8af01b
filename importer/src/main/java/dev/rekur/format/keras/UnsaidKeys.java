package dev.rekur.format.keras;

import dev.rekur.layer.KerasVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes out what an older file leaves unsaid because its Keras knew nothing else, so that a newer Keras that is to read the
 * configuration does not take its own default.
 */
final class UnsaidKeys {
    private static final String RESET_AFTER = "reset_after";

    private UnsaidKeys() {}

    /** The configuration with such keys in every layer, those inside models and wrappers too. */
    static Map<String, Object> written(Map<String, Object> root, KerasVersion version) {
        return version.gruResetsAfterProduct() ? root : KerasObjects.asObject(object(root));
    }

    private static Map<String, @Nullable Object> object(Map<?, ?> object) {
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        object.forEach((key, value) -> written.put((String) key, value(value)));
        if ("GRU".equals(object.get("class_name"))
                && written.get("config") instanceof Map<?, ?> config
                && config.get(RESET_AFTER) == null) {
            Map<String, @Nullable Object> said = object(config);
            said.put(RESET_AFTER, false);
            written.put("config", said);
        }
        return written;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        return value instanceof List<?> list ? JsonTree.mapped(list, UnsaidKeys::value) : value;
    }
}
