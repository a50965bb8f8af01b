package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a graph that no file holds, in the words of the newest Keras 3: layers write their own, calls are written
 * as {@code get_config} in {@code keras/src/models/functional.py} does.
 */
final class GraphConfiguration {
    private final Graph graph;
    private final List<Problem> problems;
    /** For each node which call of its layer it is, counted from 0. */
    private final int[] calls;

    private GraphConfiguration(Graph graph, List<Problem> problems) {
        this.graph = graph;
        this.problems = problems;
        this.calls = new int[graph.nodes().size()];
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < calls.length; i++) {
            calls[i] = counts.merge(graph.nodes().get(i).layer().name(), 1, Integer::sum) - 1;
        }
    }

    /**
     * The object {@code {module, class_name, config, registered_name}}.
     *
     * @throws UnsupportedModelException with every layer that cannot be written
     */
    static Map<String, Object> of(Graph graph) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Object> root = new GraphConfiguration(graph, problems).root();
        if (!problems.isEmpty()) {
            throw new UnsupportedModelException("model '" + graph.name() + "'", problems);
        }
        return root;
    }

    private Map<String, Object> root() {
        boolean sequential = graph.style() == Graph.Style.SEQUENTIAL;
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("name", graph.name());
        config.put("trainable", true);
        List<Object> layers = new ArrayList<>();
        for (GraphLayer layer : graph.layers()) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>(object(layer));
            if (!sequential) {
                object.put("name", layer.name());
                object.put("inbound_nodes", nodes(layer));
            }
            layers.add(object);
        }
        config.put("layers", layers);
        if (!sequential) {
            config.put("input_layers", ends(graph.inputs()));
            config.put("output_layers", ends(graph.outputs()));
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("module", Keras3Configuration.moduleOfModel(sequential));
        root.put("class_name", sequential ? "Sequential" : "Functional");
        root.put("config", config);
        root.put("registered_name", sequential ? null : "Functional");
        return KerasObjects.asObject(root);
    }

    private Map<String, @Nullable Object> object(GraphLayer layer) {
        if (layer.layer() instanceof NestedModel nested) {
            return new LinkedHashMap<>(new GraphConfiguration(nested.graph(), problems).root());
        }
        try {
            return layer.named().toObject();
        } catch (UnsupportedOperationException lacking) {
            problems.add(new Problem(
                    layer.toString(),
                    "cannot be written: " + lacking.getMessage(),
                    "Let the layer's class implement toConfig.",
                    "docs/TROUBLESHOOTING.md#unsupported-layer"));
            return Map.of();
        }
    }

    private List<Object> nodes(GraphLayer layer) {
        List<Object> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.layer() == layer && !node.inputs().isEmpty()) {
                nodes.add(node(node));
            }
        }
        return nodes;
    }

    private Map<String, Object> node(Node node) {
        List<Object> tensors = new ArrayList<>();
        node.inputs().forEach(input -> tensors.add(tensor(input)));
        List<@Nullable Object> masks = new ArrayList<>();
        node.masks().forEach(mask -> masks.add(mask == null ? null : tensor(mask)));
        return Keras3Calls.call(node.layer().layer().callStyle(), tensors, masks);
    }

    private TensorReference reference(Value value) {
        return new TensorReference(graph.node(value).layer().name(), calls[value.node()], value.output());
    }

    private Map<String, Object> tensor(Value value) {
        return Keras3Calls.tensor(reference(value), graph.shape(value), graph.kind(value));
    }

    /** Inputs or outputs; a Functional model among them counts as having been called once when it was made. */
    private Object ends(List<Value> values) {
        List<Object> ends = new ArrayList<>();
        for (Value value : values) {
            TensorReference tensor = reference(value);
            boolean model = graph.node(value).layer().layer() instanceof NestedModel nested
                    && nested.graph().style() == Graph.Style.FUNCTIONAL;
            ends.add(List.of(tensor.layer(), (long) tensor.node() + (model ? 1 : 0), (long) tensor.output()));
        }
        return ends.size() == 1 ? ends.get(0) : ends;
    }
}
