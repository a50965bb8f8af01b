package dev.rekur.layer;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keras's dtype policies: the types in which a layer keeps its variables and computes. Rekur computes in float32. */
public final class DtypePolicy {
    /** The policy of layers that say nothing. */
    public static final String FLOAT32 = "float32";

    private DtypePolicy() {}

    /**
     * The name of a policy.
     *
     * @param serialized a name, a policy {@code {class_name, config: {name}}}, or null
     */
    public static String name(@Nullable Object serialized) {
        Object name = serialized;
        if (serialized instanceof Map<?, ?> policy) {
            name = policy.get("config") instanceof Map<?, ?> settings ? settings.get("name") : policy.get("class_name");
        }
        return name instanceof String text ? text : FLOAT32;
    }

    /** Bytes of one number of a variable; the mixed policies compute in halves but keep their variables in float32. */
    public static int variableBytes(String policy) {
        return switch (policy) {
            case "float16", "bfloat16" -> 2;
            case "float64" -> 8;
            default -> 4;
        };
    }
}
