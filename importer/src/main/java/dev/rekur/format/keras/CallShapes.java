package dev.rekur.format.keras;

import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the tensors that a configuration's calls speak of in the graph that was made of it, to know their shapes. */
final class CallShapes {
    private final Graph graph;
    private final Map<TensorReference, Value> values = new HashMap<>();

    /**
     * @param calls each layer's calls in the configuration; an input has one without tensors
     */
    CallShapes(Graph graph, Map<String, List<CallEntry>> calls) {
        this.graph = graph;
        Map<Value, TensorReference> references = new HashMap<>();
        Map<String, Set<Integer>> found = new HashMap<>();
        for (int node = 0; node < graph.nodes().size(); node++) {
            Node called = graph.nodes().get(node);
            List<TensorReference> inputs = called.inputs().stream()
                    .map(references::get)
                    .filter(java.util.Objects::nonNull)
                    .toList();
            String layer = called.layer().name();
            Set<Integer> taken = found.computeIfAbsent(layer, name -> new HashSet<>());
            int call = call(calls.getOrDefault(layer, List.of()), inputs, taken);
            taken.add(call);
            for (int output = 0; output < called.shapes().size(); output++) {
                TensorReference reference = new TensorReference(layer, call, output);
                references.put(new Value(node, output), reference);
                values.put(reference, new Value(node, output));
            }
        }
    }

    private static int call(List<CallEntry> calls, List<TensorReference> inputs, Set<Integer> taken) {
        for (int call = 0; call < calls.size(); call++) {
            if (!taken.contains(call) && calls.get(call).tensors().equals(inputs)) {
                return call;
            }
        }
        throw new IllegalStateException("a call that is in the graph, but not in the configuration: " + inputs);
    }

    /** The value of the graph. */
    Value value(TensorReference tensor) {
        Value value = values.get(tensor);
        if (value == null) {
            throw new IllegalStateException("a tensor that is in the configuration, but not in the graph: " + tensor);
        }
        return value;
    }

    /** A tensor as Keras 3's calls name it, whose calls the file that is written numbers in another way. */
    Map<String, Object> written(TensorReference tensor, TensorReference numbered) {
        Value value = value(tensor);
        return Keras3Calls.tensor(numbered, graph.shape(value), graph.kind(value));
    }
}
