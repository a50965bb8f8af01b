package dev.rekur.layer.operation;

import dev.rekur.layer.LayerConfig;
import java.util.List;

/** How an operation of {@code keras.ops} was called in the graph of its file. */
final class OperationArguments {
    /** Stands for each argument that is a tensor; tensors are the inputs of the call, in order. */
    static final String TENSOR = "__tensor__";

    private OperationArguments() {}

    /** The positional arguments, which importers put into the configuration. */
    static List<?> of(LayerConfig config) {
        config.acknowledge("keyword_arguments");
        return config.raw("arguments") instanceof List<?> arguments ? arguments : List.of();
    }
}
