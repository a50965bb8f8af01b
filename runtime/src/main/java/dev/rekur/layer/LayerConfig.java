package dev.rekur.layer;

import dev.rekur.error.Problem;
import dev.rekur.kernel.Activation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one Keras object, as its file holds it, read key by key.
 *
 * <p>Nothing is approximated in silence: a value of the wrong type, and a key that nobody read and whose value is not
 * null, each become a {@link Problem}. Problems are collected, not thrown, so that all of a file's are reported at once;
 * a reading method that finds one returns a stand-in.
 */
public final class LayerConfig {
    /** No array has more than 2^31 elements, and the weights of a recurrent layer are up to four times as wide. */
    private static final int LARGEST_SIZE = 1 << 28;

    private final String owner;
    private final String place;
    private final Map<String, Object> values;
    private final Origin origin;
    private final Set<String> read = new LinkedHashSet<>();
    private final Map<String, WeightSettings> settings = new LinkedHashMap<>();

    /**
     * Where a configuration comes from.
     *
     * @param registry the layers that nested configurations may name
     * @param version the Keras that wrote the file
     * @param problems collects what is found wrong
     */
    public record Origin(LayerRegistry registry, KerasVersion version, List<Problem> problems) {}

    /**
     * @param owner who this configures, for messages: {@code layer 'lstm_1' (LSTM)}
     * @param place JSON path of the configuration in its file
     * @param values maps, lists, strings, numbers, booleans and nulls
     * @param origin where the configuration comes from
     */
    public LayerConfig(String owner, String place, Map<String, Object> values, Origin origin) {
        this.owner = owner;
        this.place = place;
        this.values = values;
        this.origin = origin;
    }

    /** The Keras that wrote the file. */
    public KerasVersion version() {
        return origin.version();
    }

    /** The registry that nested layers are read with. */
    public LayerRegistry registry() {
        return origin.registry();
    }

    public String owner() {
        return owner;
    }

    /** JSON path of this configuration in its file. */
    public String place() {
        return place;
    }

    /** The raw values, unmodified. */
    public Map<String, Object> values() {
        return values;
    }

    public boolean has(String key) {
        return values.get(key) != null;
    }

    /** The value as it stands, or null. */
    public @Nullable Object raw(String key) {
        read.add(key);
        return values.get(key);
    }

    /**
     * Marks keys as known to have no influence on what the layer computes.
     *
     * @throws IllegalArgumentException for keys of weights, which {@link #weight} reads
     */
    public void acknowledge(String... keys) {
        for (String key : keys) {
            if (key.endsWith("_regularizer") || key.endsWith("_constraint")) {
                throw new IllegalArgumentException(
                        "'" + key + "' says how a weight is trained; read it with weight(...)");
            }
        }
        read.addAll(List.of(keys));
    }

    /** Reads the initializer, regularizer and constraint of a weight whose keys begin with its name. */
    public void weight(String name) {
        weight(name, name, true);
    }

    /**
     * Reads the initializer, regularizer and constraint of a weight.
     *
     * @param name {@link WeightSpec#name} of the weight
     * @param key what its keys begin with
     * @param used whether the layer has the weight; else the keys mean nothing
     */
    public void weight(String name, String key, boolean used) {
        WeightSettings read =
                new WeightSettings(key, raw(key + "_initializer"), raw(key + "_regularizer"), raw(key + "_constraint"));
        if (used) {
            settings.put(name, read);
        }
    }

    /** What was read of weights, by name. */
    Map<String, WeightSettings> settings() {
        return settings;
    }

    public boolean flag(String key, boolean fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        return wrong(key, "true or false", value, fallback);
    }

    /** A whole number of at least {@code minimum}; required. */
    public int integer(String key, int minimum) {
        Object value = raw(key);
        if (value instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && number.doubleValue() >= minimum
                && number.doubleValue() <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        return wrong(key, "a whole number of at least " + minimum, value, Math.max(minimum, 1));
    }

    public int integer(String key, int minimum, int fallback) {
        return has(key) ? integer(key, minimum) : skip(key, fallback);
    }

    /** A number of features or of tokens: whole, at least 1, and no more than any array has room for, gates included. */
    public int size(String key) {
        int size = integer(key, 1);
        return size <= LARGEST_SIZE ? size : wrong(key, "at most " + LARGEST_SIZE, size, 1);
    }

    /** A finite number. */
    public double number(String key, double fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        return wrong(key, "a finite number", value, fallback);
    }

    public String text(String key, String fallback) {
        String value = text(key);
        return value == null ? fallback : value;
    }

    /** A text, or null where there is none. */
    public @Nullable String text(String key) {
        Object value = raw(key);
        return value == null || value instanceof String ? (String) value : wrong(key, "a text", value, "");
    }

    /** One of the texts given; the first of them stands in when something else is found. */
    public String oneOf(String key, String fallback, List<String> supported) {
        String value = text(key, fallback);
        return supported.contains(value) ? value : unknown(key, "one of " + supported, value, supported.get(0));
    }

    /** A list of whole numbers; a single number counts as a list of one. */
    public List<Integer> integers(String key, List<Integer> fallback) {
        Object value = unwrapList(raw(key));
        if (value == null) {
            return fallback;
        }
        List<?> list = value instanceof List<?> several ? several : List.of(value);
        List<Integer> integers = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof Number number) || number.doubleValue() != number.intValue()) {
                return wrong(key, "whole numbers", value, fallback);
            }
            integers.add(number.intValue());
        }
        return List.copyOf(integers);
    }

    /** An activation function by Keras's name; null in the file means linear. */
    public Activation activation(String key, Activation fallback) {
        if (!values.containsKey(key)) {
            return skip(key, fallback);
        }
        Object value = raw(key);
        if (value == null) {
            return Activation.LINEAR;
        }
        Object name = value;
        if (value instanceof Map<?, ?> object && object.get("config") instanceof String functionName) {
            name = functionName; // Keras writes functions as {"class_name": "function", "config": NAME, ...}
        }
        if (name instanceof String text) {
            Optional<Activation> activation = Activation.named(text, version().major());
            if (activation.isPresent()) {
                return activation.get();
            }
        }
        return unknown(
                key, "an activation function of keras.activations " + Activation.names(), value, Activation.LINEAR);
    }

    /** A nested layer object {@code {class_name, config, ...}}; required. */
    public Optional<NamedLayer> layer(String key) {
        Object value = raw(key);
        if (value instanceof Map<?, ?> object) {
            return registry().read(owner + " > " + key, place + "." + key, asObject(object), origin);
        }
        return wrong(key, "a layer", value, Optional.empty());
    }

    /** The configuration of a nested object. */
    public Optional<LayerConfig> object(String key) {
        Object value = raw(key);
        if (value instanceof Map<?, ?> object) {
            return Optional.of(new LayerConfig(owner + " > " + key, place + "." + key, asObject(object), origin));
        }
        return value == null ? Optional.empty() : wrong(key, "an object", value, Optional.empty());
    }

    /** Reports a problem of this configuration. */
    public void problem(String finding, String remedy) {
        problem(finding, remedy, "");
    }

    /**
     * Like {@link #problem(String, String)}.
     *
     * @param link the section of the documentation that says more
     */
    public void problem(String finding, String remedy, String link) {
        origin.problems().add(new Problem(place.isEmpty() ? owner : owner + " at " + place, finding, remedy, link));
    }

    /** Reports keys that nobody has read and that hold something. */
    public void reportUnread() {
        for (String key : new TreeSet<>(values.keySet())) {
            if (!read.contains(key) && values.get(key) != null) {
                problem(
                        "unknown configuration key '" + key + "' = " + brief(values.get(key)),
                        "Rekur does not know what this key changes and will not guess. If a newer Keras wrote it, a newer"
                                + " Rekur may read it",
                        "docs/TROUBLESHOOTING.md#unknown-key");
            }
        }
    }

    /** The keys of a JSON object as strings. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> asObject(Map<?, ?> object) {
        return (Map<String, Object>) object; // JSON keys are strings
    }

    private <T> T skip(String key, T fallback) {
        read.add(key);
        return fallback;
    }

    /** A value that no Keras writes here: the file is broken. */
    private <T> T wrong(String key, String expected, @Nullable Object found, T standIn) {
        return report(key, expected, found, standIn, true);
    }

    /** A value that Keras may know, but Rekur does not. */
    private <T> T unknown(String key, String expected, @Nullable Object found, T standIn) {
        return report(key, expected, found, standIn, false);
    }

    private <T> T report(String key, String expected, @Nullable Object found, T standIn, boolean damaged) {
        origin.problems()
                .add(new Problem(
                        owner + " at " + place,
                        "'" + key + "': expected " + expected + ", found " + brief(found),
                        "Check the model that wrote the file",
                        "docs/TROUBLESHOOTING.md#configuration-value",
                        damaged));
        return standIn;
    }

    private static @Nullable Object unwrapList(@Nullable Object value) {
        // Keras 2 wraps lists: {"class_name": "__tuple__", "items": [...]} and ListWrapper
        return value instanceof Map<?, ?> object && object.get("items") instanceof List<?> items ? items : value;
    }

    private static String brief(@Nullable Object value) {
        String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }
}
