package dev.rekur.training.constraint;

import dev.rekur.layer.LayerConfig;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads constraints as Keras 3 and 2 serialize them. */
public final class Constraints {
    /** By class name in lower case, without underscores: Keras also takes {@code max_norm} and, once, {@code maxnorm}. */
    private static final Map<String, Function<LayerConfig, Constraint>> READERS = Map.of(
            "maxnorm", MaxNorm::fromConfig,
            "minmaxnorm", MinMaxNorm::fromConfig,
            "nonneg", config -> new NonNeg(),
            "unitnorm", UnitNorm::fromConfig);

    private Constraints() {}

    /**
     * The constraint that a layer's configuration names, such as under {@code kernel_constraint}: a serialized object, a name
     * or null. What is wrong is reported to the configuration; then there is none.
     */
    public static Optional<Constraint> read(LayerConfig layer, String key) {
        Object value = layer.raw(key);
        if (value instanceof String name) {
            return reader(layer, name, null).map(reader -> reader.apply(defaults(layer)));
        }
        return layer.object(key)
                .flatMap(object -> reader(object, object.text("class_name", ""), object.raw("registered_name"))
                        .flatMap(reader -> object.object("config").map(config -> {
                            Constraint constraint = reader.apply(config);
                            config.reportUnread();
                            return constraint;
                        })));
    }

    private static Optional<Function<LayerConfig, Constraint>> reader(
            LayerConfig place, String name, @Nullable Object registered) {
        boolean custom = registered instanceof String text && text.contains(">");
        Function<LayerConfig, Constraint> reader =
                READERS.get(name.replace("_", "").toLowerCase(Locale.ROOT));
        if (custom || reader == null) {
            place.problem(
                    "constraint '" + (custom ? registered : name) + "' is not supported",
                    "Supported: MaxNorm, MinMaxNorm, NonNeg, UnitNorm");
            return Optional.empty();
        }
        return Optional.of(reader);
    }

    /** Nothing is set, so nothing can be wrong with it. */
    private static LayerConfig defaults(LayerConfig layer) {
        LayerConfig.Origin origin = new LayerConfig.Origin(layer.registry(), layer.version(), new ArrayList<>());
        return new LayerConfig(layer.owner(), layer.place(), Map.of(), origin);
    }
}
