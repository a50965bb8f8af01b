package dev.rekur.server;

import dev.rekur.graph.Graph;
import dev.rekur.graph.PortNames;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model takes and gives, as a client sees it.
 *
 * @param inputs in the model's order
 * @param outputs in the model's order, flattened
 * @param inputPorts all names by which inputs are known
 */
record Signature(List<Port> inputs, List<Port> outputs, PortNames inputPorts) {
    /** The one signature every model has; TensorFlow Serving's name for it. */
    static final String NAME = "serving_default";

    Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /**
     * An input or output.
     *
     * @param shape {@code [batch, ...]}, the batch unknown
     */
    record Port(String name, ValueKind kind, Shape shape) {
        /** TensorFlow's name of the element type. */
        String dtype() {
            return switch (kind) {
                case FLOAT -> "DT_FLOAT";
                case INT -> "DT_INT32";
                case FLAG -> "DT_BOOL";
                case TEXT -> "DT_STRING";
            };
        }
    }

    static Signature of(Graph graph) {
        return new Signature(
                ports(graph, graph.inputNames(), graph.inputs()),
                ports(graph, graph.outputNames(), graph.outputs()),
                graph.inputPorts());
    }

    private static List<Port> ports(Graph graph, List<String> names, List<Value> values) {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            ports.add(new Port(names.get(i), graph.kind(values.get(i)), graph.shape(values.get(i))));
        }
        return ports;
    }

    List<String> inputNames() {
        return inputs.stream().map(Port::name).toList();
    }

    /** Index of an input, or -1. */
    int indexOfInput(String name) {
        return inputPorts.indexOf(name);
    }
}
