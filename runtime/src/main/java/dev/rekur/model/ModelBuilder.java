package dev.rekur.model;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts the graph of a model together in code, call by call, as Keras's functional API does:
 *
 * <pre>{@code
 * ModelBuilder builder = new ModelBuilder("sections");
 * Value tokens = builder.tokens("tokens", Shape.UNKNOWN);
 * Value vectors = builder.call("embedding", new Embedding(1000, 16, true), tokens);
 * Value state = builder.call("rnn", new SimpleRnn(8, Activation.TANH, true, RecurrentOptions.DEFAULT), vectors);
 * Graph graph = builder.graph(builder.call("section", new Dense(5, Activation.SOFTMAX, true), state));
 * Model model = new Model(graph, InitialWeights.of(graph, 42), Optional.empty());
 * }</pre>
 */
public final class ModelBuilder {
    private final String name;
    private final List<Problem> problems = new ArrayList<>();
    private final GraphBuilder builder;
    private final List<Value> inputs = new ArrayList<>();
    private final Map<String, NamedLayer> layers = new LinkedHashMap<>();

    /**
     * Begins a model.
     *
     * @param name of the model
     */
    public ModelBuilder(String name) {
        this.name = name;
        this.builder = new GraphBuilder(name, Graph.Style.FUNCTIONAL, problems);
    }

    /**
     * An input of floats.
     *
     * @param shape without the batch; {@link Shape#UNKNOWN} where any extent will do
     */
    public Value input(String layerName, int... shape) {
        return input(layerName, ValueKind.FLOAT, shape);
    }

    /**
     * An input of whole numbers, such as token ids.
     *
     * @param shape without the batch; {@link Shape#UNKNOWN} where any extent will do
     */
    public Value tokens(String layerName, int... shape) {
        return input(layerName, ValueKind.INT, shape);
    }

    private Value input(String layerName, ValueKind kind, int... shape) {
        int[] dimensions = new int[shape.length + 1];
        dimensions[0] = Shape.UNKNOWN;
        System.arraycopy(shape, 0, dimensions, 1, shape.length);
        Value value = call(layerName, new InputLayer(Shape.of(dimensions), kind));
        inputs.add(value);
        return value;
    }

    /**
     * Calls a layer.
     *
     * @param layerName its name; a further call under the same name takes the same layer
     * @param called on these values, for a recurrent layer the initial state after the input
     * @return its first output; {@link Value} counts the others
     * @throws dev.rekur.error.ModelFormatException if the layer cannot be called on them
     */
    public Value call(String layerName, Layer layer, Value... called) {
        return call(NamedLayer.of(layerName, layer), List.of(called), Collections.emptyList());
    }

    /**
     * Calls a layer that has settings.
     *
     * @param layer with its name and settings
     * @param called on these values
     * @param masks the masks given explicitly, one for each input, null where there is none; empty if there are none
     * @return its first output
     * @throws dev.rekur.error.ModelFormatException if the layer cannot be called on them
     */
    public Value call(NamedLayer layer, List<Value> called, List<@Nullable Value> masks) {
        NamedLayer known = layers.getOrDefault(layer.name(), layer);
        NamedLayer same = known.equals(layer) ? known : layer; // another layer of that name is a problem of its own
        layers.put(layer.name(), same);
        Optional<Integer> node = builder.add(new GraphBuilder.Call(same, "the caller's code", called, masks));
        if (node.isEmpty()) {
            throw Problem.exception("model '" + name + "'", problems);
        }
        return new Value(node.get(), 0);
    }

    /**
     * The graph with all inputs, in the order in which they were made.
     *
     * @param outputs the model's outputs, named by their layers
     */
    public Graph graph(Value... outputs) {
        List<String> names = Arrays.stream(outputs).map(builder::layerName).toList();
        Graph graph = builder.build(List.copyOf(layers.keySet()), inputs, List.of(outputs), names);
        if (!problems.isEmpty()) {
            throw Problem.exception("model '" + name + "'", problems);
        }
        return graph;
    }
}
