package dev.rekur.inference;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What is derived from a model's weights, such as packed matrices: made once, used by all plans. */
final class SharedValues {
    private final Map<String, Object> values = new ConcurrentHashMap<>();

    @SuppressWarnings("unchecked")
    <T> T get(String layerName, String key, Supplier<T> maker) {
        String id = layerName + '\n' + key;
        Object value = values.get(id);
        if (value == null) {
            // not computeIfAbsent: making one value may ask for another. A race makes equal values; one is kept
            Object made = maker.get();
            value = values.putIfAbsent(id, made);
            value = value == null ? made : value;
        }
        return (T) value;
    }
}
