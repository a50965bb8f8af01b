package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings given as text under the names of Keras's arguments. What nobody read is an error that says what there is.
 */
final class Settings {
    private final String owner;
    private final Map<String, String> values;
    private final Set<String> known = new TreeSet<>();

    Settings(String owner, Map<String, String> values) {
        this.owner = owner;
        this.values = values;
    }

    String text(String key, String otherwise) {
        String value = read(key);
        return value == null ? otherwise : value;
    }

    boolean flag(String key, boolean otherwise) {
        String value = text(key, String.valueOf(otherwise));
        return switch (value) {
            case "true", "True", "1" -> true;
            case "false", "False", "0" -> false;
            default -> throw mismatch(key, "true or false", value);
        };
    }

    int count(String key, int otherwise) {
        String value = read(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw mismatch(key, "a whole number", value);
        }
    }

    double number(String key, double otherwise) {
        Double value = optionalNumber(key);
        return value == null ? otherwise : value;
    }

    @Nullable
    Double optionalNumber(String key) {
        String value = read(key);
        if (value == null || value.equals("None")) {
            return null;
        }
        try {
            return Double.valueOf(value);
        } catch (NumberFormatException e) {
            throw mismatch(key, "a number", value);
        }
    }

    /** Requires that every setting was read. */
    void finish() {
        for (String key : new TreeSet<>(values.keySet())) {
            if (!known.contains(key)) {
                throw new InvalidInputException(
                        owner + ": there is no setting '" + key + "'" + Misspelling.among(known, key));
            }
        }
    }

    InvalidInputException mismatch(String key, String expected, String found) {
        return new InvalidInputException(
                owner + ": setting '" + key + "': expected " + expected + ", found '" + found + "'");
    }

    private @Nullable String read(String key) {
        known.add(key);
        return values.get(key);
    }
}
