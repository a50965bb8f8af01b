package dev.rekur.model;

import java.util.Map;

/** Bytes of a layer's variables in Keras, which follow from the layer's dtype. */
final class VariableSize {
    private static final int FLOAT32 = 4;

    private VariableSize() {}

    /** Bytes of one number, from a layer's object in the file: {@code dtype} is a name or a dtype policy. */
    static int bytes(Map<String, Object> layer) {
        Object dtype = layer.get("config") instanceof Map<?, ?> config ? config.get("dtype") : null;
        if (dtype instanceof Map<?, ?> policy && policy.get("config") instanceof Map<?, ?> named) {
            dtype = named.get("name");
        }
        if (!(dtype instanceof String name)) {
            return FLOAT32;
        }
        // the mixed policies compute in halves but keep their variables in float32
        return switch (name) {
            case "float16", "bfloat16" -> 2;
            case "float64" -> 8;
            default -> FLOAT32;
        };
    }
}
