package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.DtypePolicy;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a {@link Summary} shows of a model: its layers, their calls, and its variables. Every {@link Graph} has an outline. A model
 * that Rekur cannot run has one too, with what the file says of it.
 *
 * @param name the model's name
 * @param style how the model was put together in Keras
 * @param layers in the order of the file
 * @param calls the calls of the layers; inputs come before what uses them
 * @param variables those of all layers, those of models inside the model too
 */
public record Outline(
        String name, Graph.Style style, List<OutlineLayer> layers, List<Call> calls, List<Variable> variables) {
    public Outline {
        layers = List.copyOf(layers);
        calls = List.copyOf(calls);
        variables = List.copyOf(variables);
    }

    /**
     * A layer.
     *
     * @param className Keras's name of its class
     * @param supported whether Rekur can run it
     * @param operation whether it is a function of {@code keras.ops}, which is no layer of the model
     * @param trainable Keras's flag
     * @param parameters numbers in its weights, unless the file does not tell
     * @param nested its own layers if it is a model
     */
    public record OutlineLayer(
            String name,
            String className,
            boolean supported,
            boolean operation,
            boolean trainable,
            OptionalLong parameters,
            Optional<Outline> nested) {
        boolean isInput() {
            return className.equals("InputLayer") && !operation;
        }
    }

    /**
     * A call of a layer.
     *
     * @param layer index in {@link #layers}
     * @param inputs the tensors it takes; the node of each is an index in {@link #calls}
     * @param shapes shapes of its outputs with the batch, empty if they are not known
     */
    public record Call(int layer, List<Value> inputs, List<Shape> shapes) {
        public Call {
            inputs = List.copyOf(inputs);
            shapes = List.copyOf(shapes);
        }
    }

    /**
     * A variable.
     *
     * @param path its name with those of the objects that hold it
     * @param bytes memory of one number
     * @param trained whether training moves it
     */
    public record Variable(String path, Shape shape, int bytes, boolean trained) {
        /**
         * A variable of a layer.
         *
         * @param dtypePolicy the name of the layer's policy, which says the type of its numbers
         */
        public static Variable of(String path, Shape shape, String dtypePolicy, boolean trained) {
            return new Variable(path, shape, DtypePolicy.variableBytes(dtypePolicy), trained);
        }

        Summary.Size size() {
            return new Summary.Size(shape.size(), (long) bytes * shape.size());
        }

        Summary.Size scalar() {
            return new Summary.Size(1, bytes);
        }
    }

    /** Variables of a layer whose weights are known. */
    public static List<Variable> variables(GraphLayer layer, String layerPath) {
        return layer.weights().stream()
                .map(weight -> Variable.of(
                        layerPath + "/" + weight.path(),
                        weight.shape(),
                        layer.named().dtypePolicy(),
                        layer.trains(weight)))
                .toList();
    }

    /** The outline of a graph. */
    public static Outline of(Graph graph) {
        Map<GraphLayer, Integer> indexes = new HashMap<>();
        List<OutlineLayer> layers = new ArrayList<>();
        for (GraphLayer layer : graph.layers()) {
            indexes.put(layer, layers.size());
            layers.add(layer(layer));
        }
        List<Variable> variables = new ArrayList<>();
        for (GraphLayer layer : graph.flat().layers()) {
            variables.addAll(variables(layer, layer.name()));
        }
        return new Outline(graph.name(), graph.style(), layers, calls(graph, indexes), variables);
    }

    private static OutlineLayer layer(GraphLayer layer) {
        return new OutlineLayer(
                layer.name(),
                layer.layer().className(),
                true,
                layer.isOperation(),
                layer.trainable(),
                OptionalLong.of(layer.weights().stream()
                        .map(WeightSpec::shape)
                        .mapToLong(Shape::size)
                        .sum()),
                layer.layer() instanceof NestedModel nested
                        ? Optional.of(Outline.of(nested.graph()))
                        : Optional.empty());
    }

    private static List<Call> calls(Graph graph, Map<GraphLayer, Integer> indexes) {
        List<List<Shape>> inferred = InferredShapes.of(graph);
        int[] batches = new int[inferred.size()];
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < batches.length; i++) {
            Node node = graph.nodes().get(i);
            List<Value> inputs = tensors(node);
            int batch = batch(node, inputs, batches);
            batches[i] = batch;
            List<Shape> shapes = inferred.get(i).stream()
                    .map(shape ->
                            shape.rank() > 0 && shape.dimension(0) == Shape.UNKNOWN ? shape.withBatch(batch) : shape)
                    .toList();
            calls.add(new Call(Objects.requireNonNull(indexes.get(node.layer())), inputs, shapes));
        }
        return calls;
    }

    /** The tensors of a call in Keras's order: those given by place, then the mask, which is given by name. */
    private static List<Value> tensors(Node node) {
        List<Value> tensors = new ArrayList<>(node.inputs());
        node.masks().stream().filter(Objects::nonNull).forEach(tensors::add);
        return tensors;
    }

    /** The graph leaves the batch open; a file that fixes it does so in the input layers. */
    private static int batch(Node node, List<Value> inputs, int[] batches) {
        if (node.layer().layer() instanceof InputLayer input && input.shape().rank() > 0) {
            return input.shape().dimension(0);
        }
        for (Value tensor : inputs) {
            if (batches[tensor.node()] != Shape.UNKNOWN) {
                return batches[tensor.node()];
            }
        }
        return Shape.UNKNOWN;
    }
}
