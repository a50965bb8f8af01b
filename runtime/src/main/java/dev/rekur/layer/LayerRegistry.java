package dev.rekur.layer;

import dev.rekur.error.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The layers that files may name, by Keras's class name. Explicit and closed: a name in a file selects an entry of this
 * table or nothing. Custom layers are added in code with {@link #with}.
 */
public final class LayerRegistry {
    /** Operations of {@code keras.ops} share class names with layers; this stands before theirs. */
    private static final String OPERATION = "ops.";

    /** No layers: for configurations of objects that hold none. */
    public static final LayerRegistry NONE = new LayerRegistry(new TreeMap<>());

    private final SortedMap<String, LayerFactory> factories;

    private LayerRegistry(SortedMap<String, LayerFactory> factories) {
        this.factories = factories;
    }

    /**
     * A registry of these layers.
     *
     * @param factories by class name
     */
    public static LayerRegistry of(Map<String, LayerFactory> factories) {
        return new LayerRegistry(new TreeMap<>(factories));
    }

    /**
     * This registry and one layer more.
     *
     * @param registeredName the class name, or for a custom layer the name it is registered under in Keras, {@code
     *     package>Name}
     */
    public LayerRegistry with(String registeredName, LayerFactory factory) {
        SortedMap<String, LayerFactory> extended = new TreeMap<>(factories);
        extended.put(registeredName, factory);
        return new LayerRegistry(extended);
    }

    /** Names of all layers, sorted. */
    public List<String> names() {
        return List.copyOf(factories.keySet());
    }

    public boolean has(String className) {
        return factories.containsKey(className);
    }

    /**
     * Reads a serialized layer, {@code {class_name, config, registered_name, ...}}. Problems are reported to the origin;
     * then the result is empty or a stand-in.
     *
     * @param owner who it is, for messages
     * @param place JSON path of the object
     */
    public Optional<NamedLayer> read(
            String owner, String place, Map<String, Object> object, LayerConfig.Origin origin) {
        Object className = object.get("class_name");
        Object registeredName = object.get("registered_name");
        @Nullable LayerFactory factory = null;
        if (registeredName instanceof String custom && custom.contains(">")) {
            factory = factories.get(custom);
        } else if (className instanceof String standard) {
            factory = factories.get(standard);
        }
        if (factory == null) {
            boolean custom = registeredName instanceof String text && text.contains(">");
            origin.problems()
                    .add(new Problem(
                            owner + " at " + place,
                            (custom ? "custom layer '" + registeredName + "'" : describe(className))
                                    + " is not supported",
                            "Supported layers: " + String.join(", ", layerNames())
                                    + ". A custom layer can be registered in code with LayerRegistry.with(...)",
                            "docs/TROUBLESHOOTING.md#unsupported-layer"));
            return Optional.empty();
        }
        if (!(object.get("config") instanceof Map<?, ?> values)) {
            origin.problems()
                    .add(new Problem(
                            owner + " at " + place,
                            "expected a configuration object under 'config', found " + object.get("config"),
                            "The file is incomplete; save the model again.",
                            "docs/TROUBLESHOOTING.md#damaged-configuration"));
            return Optional.empty();
        }
        LayerConfig config = new LayerConfig(owner, place + ".config", LayerConfig.asObject(values), origin);
        String name = config.raw("name") instanceof String text ? text : "";
        boolean trainable = !Boolean.FALSE.equals(config.raw("trainable"));
        Object activityRegularizer = config.raw("activity_regularizer");
        String dtypePolicy = DtypePolicy.name(config.raw("dtype"));
        requireSinglePrecision(config, dtypePolicy);
        config.acknowledge("batch_input_shape", "autocast"); // Keras 2 writes them on any layer
        Layer layer = factory.fromConfig(config);
        config.reportUnread();
        return Optional.of(new NamedLayer(name, layer, trainable, config.settings(), activityRegularizer, dtypePolicy));
    }

    private static String describe(@Nullable Object className) {
        String name = String.valueOf(className);
        return name.startsWith(OPERATION)
                ? "operation '" + name.substring(OPERATION.length()) + "' of keras.ops"
                : "layer class '" + name + "'";
    }

    private List<String> layerNames() {
        return names().stream().filter(name -> !name.startsWith(OPERATION)).toList();
    }

    private static void requireSinglePrecision(LayerConfig config, String text) {
        if ((text.startsWith("float") || text.contains("mixed") || text.contains("bfloat"))
                && !text.equals(DtypePolicy.FLOAT32)) {
            config.problem(
                    "dtype policy '" + text + "' is not supported",
                    "Rekur computes in float32. In Keras, rebuild the model with that policy, and give it the weights: plain ="
                            + " keras.models.model_from_json(model.to_json().replace('" + text + "', 'float32'));"
                            + " plain.set_weights(model.get_weights()); plain.save(...).",
                    "docs/TROUBLESHOOTING.md#dtype-policies");
        }
    }
}
