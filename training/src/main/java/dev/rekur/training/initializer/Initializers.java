package dev.rekur.training.initializer;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.layer.LayerConfig;
import dev.rekur.training.config.SerializedObject;
import dev.rekur.training.initializer.VarianceScaling.Mode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The initializers that files may name: Keras 3.15.1's classes, their names in snake case, and aliases. */
public final class Initializers {
    private static final Map<String, Function<LayerConfig, Initializer>> CLASSES = new TreeMap<>(Map.ofEntries(
            Map.entry("Constant", config -> new Constant("Constant", config.number("value", 0))),
            Map.entry(
                    "GlorotNormal",
                    config -> new VarianceScaling("GlorotNormal", 1, Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL)),
            Map.entry(
                    "GlorotUniform",
                    config -> new VarianceScaling("GlorotUniform", 1, Mode.FAN_AVG, Distribution.UNIFORM)),
            Map.entry(
                    "HeNormal",
                    config -> new VarianceScaling("HeNormal", 2, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL)),
            Map.entry("HeUniform", config -> new VarianceScaling("HeUniform", 2, Mode.FAN_IN, Distribution.UNIFORM)),
            Map.entry("Identity", config -> new Identity(config.number("gain", 1))),
            Map.entry(
                    "LecunNormal",
                    config -> new VarianceScaling("LecunNormal", 1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL)),
            Map.entry(
                    "LecunUniform",
                    config -> new VarianceScaling("LecunUniform", 1, Mode.FAN_IN, Distribution.UNIFORM)),
            Map.entry("Ones", config -> new Constant("Ones", 1)),
            Map.entry("Orthogonal", config -> new Orthogonal(config.number("gain", 1))),
            Map.entry(
                    "RandomNormal",
                    config -> new RandomValues(
                            Distribution.NORMAL, config.number("mean", 0), config.number("stddev", 0.05))),
            Map.entry(
                    "RandomUniform",
                    config -> new RandomValues(
                            Distribution.UNIFORM, config.number("minval", -0.05), config.number("maxval", 0.05))),
            Map.entry(
                    "TruncatedNormal",
                    config -> new RandomValues(
                            Distribution.TRUNCATED_NORMAL, config.number("mean", 0), config.number("stddev", 0.05))),
            Map.entry("VarianceScaling", Initializers::varianceScaling),
            Map.entry("Zeros", config -> new Constant("Zeros", 0))));

    private static final Map<String, String> ALIASES = Map.of(
            "normal", "RandomNormal",
            "uniform", "RandomUniform",
            "one", "Ones",
            "zero", "Zeros",
            "IdentityInitializer", "Identity",
            "OrthogonalInitializer", "Orthogonal");

    private Initializers() {}

    /**
     * The initializer of this name, with Keras's defaults.
     *
     * @throws UnsupportedModelException if there is none; says which there are
     */
    public static Initializer named(String name) {
        List<Problem> problems = new ArrayList<>();
        Optional<Initializer> initializer = fromConfig("", name, problems);
        return initializer.orElseThrow(() -> new UnsupportedModelException("initializer", problems));
    }

    /**
     * Reads an initializer.
     *
     * @param place JSON path of the initializer
     * @param serialized a name or an object, as Keras 3 or Keras 2 writes it
     * @param problems receives what is wrong; then the result may be empty or a stand-in
     */
    public static Optional<Initializer> fromConfig(String place, @Nullable Object serialized, List<Problem> problems) {
        return SerializedObject.read("initializer", place, serialized, problems).flatMap(Initializers::read);
    }

    /** Every class there is, sorted. */
    public static List<String> names() {
        return List.copyOf(CLASSES.keySet());
    }

    /** As Keras serializes it. The seed stands there only if it was given in Keras, so it is null. */
    public static Map<String, Object> serialized(Initializer initializer) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.initializers");
        object.put("class_name", initializer.className());
        object.put("config", initializer.parameters());
        object.put("registered_name", null);
        return object;
    }

    private static Optional<Initializer> read(SerializedObject object) {
        String name = ALIASES.getOrDefault(object.name(), object.name());
        for (Map.Entry<String, Function<LayerConfig, Initializer>> entry : CLASSES.entrySet()) {
            if (entry.getKey().equals(name) || snakeCase(entry.getKey()).equals(name)) {
                LayerConfig config = object.config();
                // Rekur's random numbers are others than Keras's, whatever its seed
                object.readCommonKeys();
                config.acknowledge("seed");
                Initializer initializer = entry.getValue().apply(config);
                config.reportUnread();
                return Optional.of(initializer);
            }
        }
        object.reportUnsupported(names());
        return Optional.empty();
    }

    private static Initializer varianceScaling(LayerConfig config) {
        double scale = config.number("scale", 1);
        if (scale <= 0) {
            config.problem("'scale': expected more than 0, found " + scale, "Check the layer's configuration.");
        }
        String mode = config.oneOf("mode", "fan_in", List.of("fan_in", "fan_out", "fan_avg"));
        String distribution = config.oneOf(
                "distribution",
                "truncated_normal",
                List.of("truncated_normal", "normal", "untruncated_normal", "uniform"));
        Distribution drawn =
                switch (distribution) {
                    case "uniform" -> Distribution.UNIFORM;
                    case "untruncated_normal" -> Distribution.NORMAL;
                    default -> Distribution.TRUNCATED_NORMAL;
                };
        return new VarianceScaling("VarianceScaling", scale, Mode.valueOf(mode.toUpperCase(Locale.ROOT)), drawn);
    }

    private static String snakeCase(String className) {
        return className.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
