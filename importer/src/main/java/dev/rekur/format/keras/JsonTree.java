package dev.rekur.format.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Looks into the plain maps and lists of a configuration. */
final class JsonTree {
    private JsonTree() {}

    /** The value as an object; its keys are strings, because JSON's are. */
    @SuppressWarnings("unchecked")
    static Optional<Map<String, Object>> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? Optional.of((Map<String, Object>) map) : Optional.empty();
    }

    /** The value as a list; tuples are objects with a class name and {@code items}. */
    static Optional<List<?>> list(@Nullable Object value) {
        if (value instanceof Map<?, ?> wrapped
                && wrapped.containsKey("class_name") // else it is a dictionary that has such a key
                && wrapped.get("items") instanceof List<?> items) {
            return Optional.of(items);
        }
        return value instanceof List<?> list ? Optional.of(list) : Optional.empty();
    }

    static Optional<String> text(@Nullable Object value) {
        return value instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A list of what becomes of each element; elements may be null. */
    static List<@Nullable Object> mapped(List<?> list, UnaryOperator<@Nullable Object> change) {
        List<@Nullable Object> mapped = new ArrayList<>();
        for (Object element : list) {
            mapped.add(change.apply(element));
        }
        return mapped;
    }

    /** The value in a message: whole if short, or else its beginning. */
    static String brief(@Nullable Object value) {
        if (value instanceof Map<?, ?> map && map.size() > 8) {
            return "an object with the keys " + brief(List.copyOf(map.keySet()));
        }
        if (value instanceof List<?> list && list.size() > 16) {
            return "a list of " + list.size() + " elements";
        }
        String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }
}
