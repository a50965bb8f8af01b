package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.kernel.Activation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Translates configurations of layers from one Keras to another: keys that one of them has another name for, keys that
 * only one of them has, and names of functions. What the other Keras has no words for is a problem.
 *
 * @param from 2 or 3: the Keras whose words are read
 * @param to the other one
 * @param problems collects what cannot be translated
 */
record LayerTranslation(int from, int to, List<Problem> problems) {
    /** Layers that mean the same in both, once their keys are translated. Text layers are not among them: types differ. */
    private static final Set<String> KNOWN = Set.of(
            "Activation",
            "ActivityRegularization",
            "Add",
            "AlphaDropout",
            "Average",
            "BatchNormalization",
            "Bidirectional",
            "Concatenate",
            "Dense",
            "Dropout",
            "ELU",
            "Embedding",
            "Flatten",
            "GRU",
            "GaussianDropout",
            "GaussianNoise",
            "InputLayer",
            "LSTM",
            "LayerNormalization",
            "LeakyReLU",
            "Masking",
            "Maximum",
            "Minimum",
            "Multiply",
            "ReLU",
            "Reshape",
            "SimpleRNN",
            "Softmax",
            "SpatialDropout1D",
            "Subtract",
            "TimeDistributed");

    /** Names of classes that only Keras 3.0 to 3.6 wrote, and what all others call them. */
    private static final Map<String, String> EARLIER_NAMES =
            Map.of("OrthogonalInitializer", "Orthogonal", "IdentityInitializer", "Identity");

    private static final Set<String> RECURRENT = Set.of("SimpleRNN", "LSTM", "GRU");

    /** All that Keras 3 takes for a SpatialDropout1D; it refuses the keys that every other layer has. */
    private static final Set<String> SPATIAL_DROPOUT = Set.of("rate", "seed", "name", "dtype");

    /** Keys that only Keras 2 has, and the one value that Keras 3 takes for granted; null for any value. */
    private static final Map<String, @Nullable Object> ONLY_KERAS_2 = only(
            Map.of("time_major", false),
            "implementation",
            "input_length",
            "batch_input_shape",
            "renorm_clipping",
            "virtual_batch_size",
            "fused",
            "adjustment");

    /** Keys that only Keras 3 has, and the one value that Keras 2 takes for granted. */
    private static final Map<String, @Nullable Object> ONLY_KERAS_3 = only(
            Map.of("synchronized", false, "renorm", false, "rms_scaling", false, "optional", false),
            "quantization_config",
            "lora_rank",
            "lora_alpha",
            "renorm_clipping",
            "renorm_momentum");

    private static Map<String, @Nullable Object> only(Map<String, Object> values, String... anyValue) {
        Map<String, @Nullable Object> keys = new LinkedHashMap<>(values);
        for (String key : anyValue) {
            keys.put(key, null);
        }
        return keys;
    }

    /**
     * The configuration of a layer in the other Keras's words.
     *
     * @param owner the layer, for messages
     * @param object its object {@code {class_name, config, ...}}
     */
    Map<String, Object> config(String owner, Map<String, Object> object) {
        return config(owner, object, false);
    }

    /**
     * The configuration of a layer in the other Keras's words.
     *
     * @param folded whether weights before it make up for another meaning of its activation; see {@link HardSigmoids}
     */
    Map<String, Object> config(String owner, Map<String, Object> object, boolean folded) {
        String className = String.valueOf(object.get("class_name"));
        Map<String, Object> config = JsonTree.object(object.get("config")).orElse(Map.of());
        boolean custom = object.get("registered_name") instanceof String name && name.contains(">");
        if (custom || !KNOWN.contains(className)) {
            problem(owner, "layer class '" + (custom ? object.get("registered_name") : className) + "'");
            return config;
        }
        Map<String, @Nullable Object> translated = new LinkedHashMap<>();
        config.forEach((key, value) -> {
            if (className.equals("InputLayer") && (key.equals("batch_input_shape") || key.equals("batch_shape"))) {
                translated.put(to == 3 ? "batch_shape" : "batch_input_shape", list(value));
            } else if (className.equals("LeakyReLU") && (key.equals("alpha") || key.equals("negative_slope"))) {
                translated.put(to == 3 ? "negative_slope" : "alpha", value);
            } else if (isKept(owner, className, key, value)) {
                translated.put(key, value(owner, className, key, value, folded));
            }
        });
        if (to == 3 && className.equals("Bidirectional") && translated.get("backward_layer") == null) {
            addBackwardLayer(translated);
        }
        return KerasObjects.asObject(translated);
    }

    /** Keras 3 always writes the second half; if it is missing it makes one that runs backwards, like the first or not. */
    private static void addBackwardLayer(Map<String, @Nullable Object> bidirectional) {
        Map<String, Object> forward =
                JsonTree.object(bidirectional.get("layer")).orElse(Map.of());
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(forward.get("config")).orElse(Map.of()));
        config.computeIfPresent("name", (key, name) -> "backward_" + name);
        config.put("go_backwards", !Boolean.TRUE.equals(config.get("go_backwards")));
        Map<String, @Nullable Object> backward = new LinkedHashMap<>(forward);
        backward.put("config", config);
        bidirectional.put("backward_layer", backward);
    }

    /** Whether the other Keras has the key; a value of a key that it lacks may be a problem. */
    private boolean isKept(String owner, String className, String key, @Nullable Object value) {
        Map<String, @Nullable Object> lacking = to == 3 ? ONLY_KERAS_2 : ONLY_KERAS_3;
        boolean seedOfCell = to == 2 && key.equals("seed") && RECURRENT.contains(className);
        if (seedOfCell) {
            return false; // only dropout in training draws numbers with it
        }
        if (to == 3 && className.equals("SpatialDropout1D") && !SPATIAL_DROPOUT.contains(key)) {
            return false; // it has no weights, and its draws have one shape
        }
        if (!lacking.containsKey(key)) {
            return true;
        }
        Object granted = lacking.get(key);
        if (value != null && granted != null && !granted.equals(value)) {
            problem(owner, "'" + key + "' = " + JsonTree.brief(value));
        }
        return false;
    }

    private @Nullable Object value(String owner, String className, String key, @Nullable Object value, boolean folded) {
        if (key.equals("activation") || key.equals("recurrent_activation")) {
            return value == null
                    ? null
                    : activation(owner, key, value, folded || HardSigmoids.isScaled(className, key));
        }
        if (key.equals("dtype")) {
            return dtype(value);
        }
        if (key.equals("axis") && to == 3 && className.equals("BatchNormalization")) {
            List<?> axes = JsonTree.list(value).orElse(List.of());
            return axes.size() == 1 ? axes.get(0) : value;
        }
        if (KerasObjects.isObject(value)) {
            return object(owner, key, JsonTree.object(value).orElseThrow());
        }
        return value instanceof Map<?, ?> wrapped && wrapped.get("items") instanceof List<?> items ? items : value;
    }

    /** An initializer, a regularizer, a constraint or a wrapped layer. */
    private Object object(String owner, String key, Map<String, Object> object) {
        String module = KerasObjects.moduleOf(key);
        String written = String.valueOf(object.get("class_name"));
        String className = EARLIER_NAMES.getOrDefault(written, written);
        boolean custom = object.get("registered_name") instanceof String name && name.contains(">");
        if (module == null || custom) {
            problem(owner, "'" + key + "' = " + JsonTree.brief(object));
            return object;
        }
        if (module.equals("keras.layers")) {
            return targetObject(module, className, config(owner + " > " + key, object));
        }
        Map<String, @Nullable Object> config =
                new LinkedHashMap<>(JsonTree.object(object.get("config")).orElse(Map.of()));
        config.remove("dtype"); // early versions wrote one that says nothing
        if (to == 2) {
            config.remove("input_axes");
            config.remove("output_axes");
            config.computeIfPresent("seed", (name, seed) -> seed instanceof Number ? seed : null);
        }
        return targetObject(module, className, KerasObjects.asObject(config));
    }

    /** An object as the other Keras writes it; legacy files of Keras 2 leave modules out. */
    Map<String, Object> targetObject(String module, String className, Map<String, Object> config) {
        if (to == 3) {
            return KerasObjects.object(module, className, config);
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("class_name", className);
        object.put("config", config);
        return object;
    }

    private Object activation(String owner, String key, Object value, boolean scaled) {
        Object name = value instanceof Map<?, ?> function ? function.get("config") : value;
        Optional<Activation> meant = name instanceof String text ? Activation.named(text, from) : Optional.empty();
        Optional<Activation> there = meant.flatMap(activation -> Activation.named(activation.kerasName(), to));
        boolean scales = scaled && meant.isPresent() && meant.get().kerasName().equals("hard_sigmoid");
        if (meant.isEmpty() || !scales && !meant.equals(there)) {
            String which = there.isPresent() ? ", which means something else there" : "";
            problem(owner, "'" + key + "' = " + JsonTree.brief(name) + which);
            return value;
        }
        return meant.get().kerasName();
    }

    /** A dtype policy by its name, which both versions take. */
    static @Nullable Object dtype(@Nullable Object value) {
        return JsonTree.object(value)
                .flatMap(policy -> JsonTree.object(policy.get("config")))
                .map(config -> config.get("name"))
                .orElse(value);
    }

    private static @Nullable Object list(@Nullable Object value) {
        return value == null
                ? null
                : JsonTree.list(value).<Object>map(list -> list).orElse(value);
    }

    /** Reports what the other Keras has no words for. */
    void problem(String owner, String what) {
        problems.add(new Problem(
                owner,
                what + " has no equal in " + (from == to ? "newer versions of Keras " : "Keras ") + to,
                from == to
                        ? "Build the model anew with a newer Keras and copy its weights over, or keep the file as it is."
                        : "Write the file for Keras " + from + ", or change the layer in Python.",
                "docs/TROUBLESHOOTING.md#keras-versions"));
    }
}
