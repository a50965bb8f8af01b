package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a callback kept. Doubles are kept as texts, since JSON has no NaN.
 *
 * @param owner the callback, for messages
 */
record State(String owner, Map<String, Object> values) {
    static final String NONE = "none";

    static String text(@Nullable Double value) {
        return value == null ? NONE : Double.toString(value);
    }

    /** A map whose keys are texts, whatever read it. */
    static Map<String, Object> keyed(Map<?, ?> map) {
        Map<String, Object> keyed = new LinkedHashMap<>();
        map.forEach((key, value) -> keyed.put(String.valueOf(key), value));
        return keyed;
    }

    int integer(String key) {
        return (int) whole(key);
    }

    long whole(String key) {
        if (values.get(key) instanceof Number number) {
            return number.longValue();
        }
        throw broken(key);
    }

    String text(String key) {
        if (values.get(key) instanceof String text) {
            return text;
        }
        throw broken(key);
    }

    @Nullable
    Double number(String key) {
        String text = text(key);
        try {
            return text.equals(NONE) ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw broken(key);
        }
    }

    List<?> list(String key) {
        if (values.get(key) instanceof List<?> list) {
            return list;
        }
        throw broken(key);
    }

    InvalidInputException broken(String key) {
        Object value = values.get(key);
        return new InvalidInputException(
                owner + ": the kept state does not fit, '" + key + "' is "
                        + (value == null ? "missing" : value)
                        + ". Was it kept by a training with the same callbacks?",
                "docs/TROUBLESHOOTING.md#resume");
    }
}
