package dev.rekur.training.optimizer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.Misspelling;
import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes optimizers from names, and from what Keras 3 and 2 write into files. */
public final class Optimizers {
    private static final List<String> NAMES =
            List.of("Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion", "Nadam", "RMSprop", "SGD");

    private Optimizers() {}

    /** Keras's names of all optimizers there are, sorted. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * An optimizer with Keras's defaults.
     *
     * @param name Keras's, in upper or lower case: {@code adam}
     * @throws InvalidInputException if there is none of this name
     */
    public static Optimizer named(String name) {
        Function<LayerConfig, Optimizer> reader = reader(name);
        if (reader == null) {
            throw new InvalidInputException("there is no optimizer '" + name + "'" + Misspelling.among(NAMES, name));
        }
        return reader.apply(defaults(name));
    }

    /**
     * The optimizer that a file holds.
     *
     * @param serialized an object {@code {class_name, config, module, registered_name}} or a name
     * @param place JSON path of the object, for messages
     * @param version the Keras that wrote the file
     * @param problems collects what is found wrong; then the result is empty or a stand-in
     */
    public static Optional<Optimizer> fromConfig(
            @Nullable Object serialized, String place, KerasVersion version, List<Problem> problems) {
        if (serialized instanceof String name) {
            return reader(place, name, null, problems)
                    .map(reader -> reader.apply(configuration(name, place, Map.of(), version, problems)));
        }
        if (!(serialized instanceof Map<?, ?> object) || !(object.get("class_name") instanceof String className)) {
            problems.add(new Problem(
                    "optimizer at " + place,
                    "expected a name or an object with 'class_name' and 'config'",
                    "Check the model that wrote the file",
                    "docs/TROUBLESHOOTING.md#configuration-value",
                    true));
            return Optional.empty();
        }
        Map<String, Object> values =
                object.get("config") instanceof Map<?, ?> config ? LayerConfig.asObject(config) : Map.of();
        return reader(place, className, object.get("registered_name"), problems).map(reader -> {
            LayerConfig config = configuration(className, place + ".config", values, version, problems);
            Optimizer optimizer = reader.apply(config);
            config.reportUnread();
            return optimizer;
        });
    }

    private static Optional<Function<LayerConfig, Optimizer>> reader(
            String place, String className, @Nullable Object registered, List<Problem> problems) {
        String own = className.startsWith("Custom>") ? className.substring("Custom>".length()) : className;
        // Keras 2 registers its own optimizers under "Custom"
        boolean foreign = registered instanceof String name && name.contains(">") && !name.equals("Custom>" + own);
        Function<LayerConfig, Optimizer> reader = foreign ? null : reader(own);
        if (reader == null) {
            problems.add(new Problem(
                    "optimizer at " + place,
                    (foreign ? "custom optimizer '" + registered : "optimizer '" + className) + "' is not supported",
                    "Supported: " + NAMES + "; choose one of them for the training"));
        }
        return Optional.ofNullable(reader);
    }

    private static @Nullable Function<LayerConfig, Optimizer> reader(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "adadelta" -> Adadelta::new;
            case "adagrad" -> Adagrad::new;
            case "adam" -> Adam::new;
            case "adamw" -> AdamW::new;
            case "adamax" -> Adamax::new;
            case "ftrl" -> Ftrl::new;
            case "lion" -> Lion::new;
            case "nadam" -> Nadam::new;
            case "rmsprop" -> RmsProp::new;
            case "sgd" -> Sgd::new;
            default -> null;
        };
    }

    /** Nothing is set, so nothing can be wrong with it. */
    static LayerConfig defaults(String className) {
        return configuration(className, "the settings", Map.of(), KerasVersion.NEWEST, new ArrayList<>());
    }

    static LayerConfig configuration(
            String className, String place, Map<String, Object> values, KerasVersion version, List<Problem> problems) {
        LayerConfig.Origin origin = new LayerConfig.Origin(LayerRegistry.NONE, version, problems);
        return new LayerConfig("optimizer (" + className + ")", place, values, origin);
    }
}
