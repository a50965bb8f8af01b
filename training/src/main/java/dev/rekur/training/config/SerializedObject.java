package dev.rekur.training.config;

import dev.rekur.error.Misspelling;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A loss, metric, regularizer or initializer as a file holds it: a name; or {@code {"class_name": NAME, "config": {...}}};
 * or a function, {@code {"class_name": "function", "config": NAME}}. Keras 2 and 3 write all of them.
 *
 * @param name its class or function, or another name that Keras takes for it
 * @param form how it was written
 * @param config its configuration; empty unless it is an object
 */
public record SerializedObject(String name, Form form, LayerConfig config) {
    /** How it was written. */
    public enum Form {
        /** A text: {@code "mse"}. */
        TEXT,
        /** A function of Keras. */
        FUNCTION,
        /** An object of a class of Keras. */
        OBJECT
    }

    /**
     * Reads the outside of an object; what it means is for others to say.
     *
     * @param kind what it is, for messages: {@code "loss"}
     * @param place JSON path of the object
     * @param problems receives what is wrong with it; then the result is empty
     */
    public static Optional<SerializedObject> read(
            String kind, String place, @Nullable Object serialized, List<Problem> problems) {
        if (serialized instanceof String name) {
            return Optional.of(new SerializedObject(name, Form.TEXT, config(kind, name, place, Map.of(), problems)));
        }
        if (serialized instanceof Map<?, ?> object && object.get("class_name") instanceof String className) {
            Object config = object.get("config");
            if (object.get("registered_name") instanceof String custom && custom.contains(">")) {
                problems.add(new Problem(
                        place.isEmpty() ? kind : kind + " at " + place,
                        "custom " + kind + " '" + custom + "' is not supported",
                        "Its code is not in the file. Give the training one of Rekur's, or one of your own in Java",
                        "docs/TROUBLESHOOTING.md#unsupported-training-object"));
                return Optional.empty();
            }
            if (className.equals("function") && config instanceof String name) {
                return Optional.of(
                        new SerializedObject(name, Form.FUNCTION, config(kind, name, place, Map.of(), problems)));
            }
            if (config == null || config instanceof Map<?, ?>) {
                Map<String, Object> values = config instanceof Map<?, ?> map ? LayerConfig.asObject(map) : Map.of();
                return Optional.of(new SerializedObject(
                        className,
                        Form.OBJECT,
                        config(kind, className, place.isEmpty() ? "" : place + ".config", values, problems)));
            }
        }
        problems.add(new Problem(
                place.isEmpty() ? kind : kind + " at " + place,
                "expected a name or an object {class_name, config}, found " + serialized,
                "Check the model that wrote the file",
                "docs/TROUBLESHOOTING.md#configuration-value",
                true));
        return Optional.empty();
    }

    /** Reports that Rekur has nothing of this name. */
    public void reportUnsupported(Collection<String> supported) {
        config.problem(
                "is not supported" + Misspelling.meant(supported, name),
                "Supported: " + String.join(", ", new TreeSet<>(supported)),
                "docs/TROUBLESHOOTING.md#unsupported-training-object");
    }

    /** Acknowledges keys that every object may have, and refuses another type than float32. */
    public void readCommonKeys() {
        config.acknowledge("name");
        Object dtype = config.raw("dtype");
        Object type = dtype instanceof Map<?, ?> policy && policy.get("config") instanceof Map<?, ?> settings
                ? settings.get("name")
                : dtype;
        if (type != null && !type.equals("float32")) {
            config.problem("dtype '" + type + "' is not supported", "Rekur computes in float32.");
        }
    }

    private static LayerConfig config(
            String kind, String name, String place, Map<String, Object> values, List<Problem> problems) {
        return new LayerConfig(
                kind + " '" + name + "'",
                place,
                values,
                new LayerConfig.Origin(LayerRegistry.NONE, KerasVersion.NEWEST, problems));
    }
}
