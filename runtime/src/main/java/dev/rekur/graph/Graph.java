package dev.rekur.graph;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model's layers and the calls that connect them; immutable, nodes in topological order. Granularity is Keras's: one
 * node per call of a layer, which may be a {@link NestedModel} with a graph of its own.
 */
public final class Graph {
    /** How the model was put together in Keras; decides how its summary looks. */
    public enum Style {
        SEQUENTIAL,
        FUNCTIONAL
    }

    private final String name;
    private final Style style;
    private final List<GraphLayer> layers;
    private final List<Node> nodes;
    private final List<Value> inputs;
    private final List<Value> outputs;
    private final PortNames inputPorts;
    private final PortNames outputPorts;
    private final long calls;

    /** For each node the index of the input that it is, or -1. */
    private final int[] inputIndexes;

    private volatile @Nullable Flattening flattening;

    /**
     * Use {@link GraphBuilder}, which checks what goes in.
     *
     * @param layers in the order of the file
     */
    Graph(
            String name,
            Style style,
            List<GraphLayer> layers,
            List<Node> nodes,
            List<Value> inputs,
            List<Value> outputs,
            PortNames inputPorts,
            PortNames outputPorts) {
        this.name = name;
        this.style = style;
        this.layers = List.copyOf(layers);
        this.nodes = List.copyOf(nodes);
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.inputPorts = inputPorts;
        this.outputPorts = outputPorts;
        this.inputIndexes = new int[nodes.size()];
        Arrays.fill(inputIndexes, -1);
        for (int i = 0; i < inputs.size(); i++) {
            inputIndexes[inputs.get(i).node()] = i;
        }
        this.calls = nodes.stream().mapToLong(Graph::calls).sum();
    }

    /** Calls that a node stands for: those of the layers of a model inside the model. */
    private static long calls(Node node) {
        return node.layer().layer() instanceof NestedModel nested
                ? nested.graph().calls()
                : 1;
    }

    /** Number of calls of layers, those of models inside the model counted for each call of these. */
    long calls() {
        return calls;
    }

    /**
     * The graph as it runs: calls of the layers of nested models in place of calls of these, layers named by their path, {@code
     * encoder/dense}. Inputs and outputs have the same order and names. Without nested models it is this graph.
     */
    public Graph flat() {
        return calls == nodes.size() && layers.stream().noneMatch(GraphLayer::isModel)
                ? this
                : flattening().graph();
    }

    /** The value of {@link #flat} that is a value of this graph. */
    public Value inFlat(Value value) {
        return flat() == this ? value : flattening().value(value);
    }

    private Flattening flattening() {
        Flattening made = flattening;
        if (made == null) {
            made = Flattening.of(this);
            flattening = made; // two that are made at the same time are equal
        }
        return made;
    }

    public String name() {
        return name;
    }

    public Style style() {
        return style;
    }

    /** Every layer once, in the order of the file. */
    public List<GraphLayer> layers() {
        return layers;
    }

    /** Every call, inputs before what uses them. */
    public List<Node> nodes() {
        return nodes;
    }

    /** Names of all layers, after that of a nested model those of its layers by path: {@code encoder}, {@code encoder/dense}. */
    public List<String> layerPaths() {
        List<String> paths = new ArrayList<>();
        for (GraphLayer layer : layers) {
            paths.add(layer.name());
            if (layer.layer() instanceof NestedModel nested) {
                nested.graph().layerPaths().forEach(path -> paths.add(layer.name() + "/" + path));
            }
        }
        return paths;
    }

    /** The model's inputs in Keras's order; each is output 0 of an InputLayer's node. */
    public List<Value> inputs() {
        return inputs;
    }

    /** Which of the model's inputs a node is, or -1; of one that is there several times the last. */
    public int inputIndex(int node) {
        return inputIndexes[node];
    }

    /** The model's outputs, flattened in Keras's order. */
    public List<Value> outputs() {
        return outputs;
    }

    /** The names of the inputs: the keys of a dictionary of inputs, or else those of the InputLayers. */
    public List<String> inputNames() {
        return inputPorts.names();
    }

    /** The names of the outputs: the keys of a dictionary of outputs, or else those of the layers; unique. */
    public List<String> outputNames() {
        return outputPorts.names();
    }

    /** All names by which an input is known. */
    public PortNames inputPorts() {
        return inputPorts;
    }

    /** All names by which an output is known. */
    public PortNames outputPorts() {
        return outputPorts;
    }

    /**
     * The same graph with another layer of a name, which must have the same weights and shapes.
     *
     * @throws IllegalArgumentException if there is no such layer
     */
    public Graph withLayer(String layerName, Layer other) {
        GraphLayer known = layers.stream()
                .filter(layer -> layer.name().equals(layerName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the model has no layer '" + layerName + "'"));
        return withNamed(known, known.named().withLayer(other));
    }

    private Graph withNamed(GraphLayer known, NamedLayer other) {
        return withLayers(layer -> layer == known ? other : layer.named());
    }

    /** The same graph with each layer replaced by one of the same weights. */
    private Graph withLayers(Function<GraphLayer, NamedLayer> change) {
        Map<GraphLayer, GraphLayer> replaced = new IdentityHashMap<>();
        layers.forEach(layer -> replaced.put(layer, new GraphLayer(change.apply(layer), layer.weights())));
        return new Graph(
                name,
                style,
                layers.stream().map(replaced::get).toList(),
                nodes.stream()
                        .map(node -> new Node(
                                replaced.getOrDefault(node.layer(), node.layer()),
                                node.inputs(),
                                node.masks(),
                                node.masksPass(),
                                node.shapes(),
                                node.kinds()))
                        .toList(),
                inputs,
                outputs,
                inputPorts,
                outputPorts);
    }

    /**
     * The same graph with a layer frozen or not, and so the layers that it wraps and, if it is a model, all of its layers.
     *
     * @param layerPath its name, or its path in a nested model: {@code encoder/dense}
     * @throws InvalidInputException if there is no such layer
     */
    public Graph withTrainable(String layerPath, boolean trainable) {
        for (GraphLayer layer : layers) {
            if (layer.name().equals(layerPath)) {
                return withNamed(layer, withTrainable(layer.named(), trainable));
            }
            if (layer.layer() instanceof NestedModel nested && layerPath.startsWith(layer.name() + "/")) {
                String below = layerPath.substring(layer.name().length() + 1);
                NestedModel changed = new NestedModel(nested.graph().withTrainable(below, trainable));
                return withNamed(layer, layer.named().withLayer(changed));
            }
        }
        throw new InvalidInputException("the model has no layer '" + layerPath + "'; its layers are " + layerPaths());
    }

    private static NamedLayer withTrainable(NamedLayer named, boolean trainable) {
        NamedLayer flagged = named.withTrainable(trainable);
        return named.layer() instanceof NestedModel nested
                ? flagged.withLayer(
                        new NestedModel(nested.graph().withLayers(layer -> withTrainable(layer.named(), trainable))))
                : flagged;
    }

    /**
     * The same graph with the last activation of a layer as a layer of its own: each call of the layer, now linear, is followed by
     * one of an Activation, and what used its output uses that of the Activation.
     *
     * @param activationName name of the new layer
     * @throws IllegalArgumentException if there is no layer of that name
     */
    public Graph withActivationApart(GraphLayer layer, String activationName) {
        String layerName = layer.name();
        Layer activation = new ActivationLayer(layer.layer().outputActivation());
        GraphLayer second =
                new GraphLayer(NamedLayer.of(activationName, activation).withTrainable(layer.trainable()), List.of());
        Graph replaced = withLayer(layerName, layer.layer().withLinearOutput());
        List<Node> split = new ArrayList<>();
        int[] places = new int[nodes.size()]; // where the outputs of a node are now
        UnaryOperator<Value> moved = value -> new Value(places[value.node()], value.output());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = replaced.nodes.get(i);
            split.add(new Node(
                    node.layer(),
                    node.inputs().stream().map(moved).toList(),
                    node.masks().stream()
                            .map(mask -> mask == null ? null : moved.apply(mask))
                            .toList(),
                    node.masksPass(),
                    node.shapes(),
                    node.kinds()));
            if (node.layer().name().equals(layerName)) {
                Value output = new Value(split.size() - 1, 0);
                split.add(new Node(second, List.of(output), List.of(), true, node.shapes(), node.kinds()));
            }
            places[i] = split.size() - 1;
        }
        List<GraphLayer> all = new ArrayList<>(replaced.layers);
        all.add(second);
        return new Graph(
                name,
                style,
                all,
                split,
                inputs.stream().map(moved).toList(),
                outputs.stream().map(moved).toList(),
                inputPorts,
                outputPorts);
    }

    /** The same graph with further outputs behind its own. */
    public Graph withOutputs(List<Value> further, List<String> names) {
        Stream<String> furtherLayers =
                further.stream().map(value -> node(value).layer().name());
        return new Graph(
                name,
                style,
                layers,
                nodes,
                inputs,
                Stream.concat(outputs.stream(), further.stream()).toList(),
                inputPorts,
                new PortNames(
                        Stream.concat(outputPorts.names().stream(), names.stream())
                                .toList(),
                        Stream.concat(outputPorts.layers().stream(), furtherLayers)
                                .toList()));
    }

    /** The number of rows that the file fixes for every call, or 0 if any will do. */
    public int fixedBatch() {
        int fixed = 0;
        for (Value input : inputs) {
            if (node(input).layer().layer() instanceof InputLayer layer
                    && layer.shape().rank() > 0) {
                fixed = Math.max(fixed, layer.shape().dimension(0));
            }
        }
        return fixed;
    }

    /** True if a layer keeps state from call to call, within a session. */
    public boolean isStateful() {
        return layers.stream().anyMatch(layer -> layer.layer().isStateful());
    }

    public Node node(Value value) {
        return nodes.get(value.node());
    }

    /** Shape of a value, batch unknown. */
    public Shape shape(Value value) {
        return node(value).shapes().get(value.output());
    }

    public ValueKind kind(Value value) {
        return node(value).kinds().get(value.output());
    }
}
