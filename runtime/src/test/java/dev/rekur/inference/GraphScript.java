package dev.rekur.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts models together call by call, with random weights. */
public final class GraphScript {
    private final List<Problem> problems = new ArrayList<>();
    private final GraphBuilder builder = new GraphBuilder("model", Graph.Style.FUNCTIONAL, problems);
    private final List<String> names = new ArrayList<>();
    private final List<Value> inputs = new ArrayList<>();
    private final Random random;

    public GraphScript(long seed) {
        this(seed, true);
    }

    /** @param givenMasksPass whether masks that are given to calls go on with their outputs */
    GraphScript(long seed, boolean givenMasksPass) {
        this.random = new Random(seed);
        builder.givenMasksPass(givenMasksPass);
    }

    /** An input, the batch left out of its shape. */
    public Value input(ValueKind kind, int... dimensions) {
        int[] shape = new int[dimensions.length + 1];
        shape[0] = Shape.UNKNOWN;
        System.arraycopy(dimensions, 0, shape, 1, dimensions.length);
        return input(new InputLayer(Shape.of(shape), kind));
    }

    public Value input(InputLayer layer) {
        Value value = call(layer);
        inputs.add(value);
        return value;
    }

    /** A new layer's output 0. */
    public Value call(Layer layer, Value... on) {
        return call("layer_" + names.size(), layer, null, on);
    }

    /** A call of a layer by name, which may have been called before. */
    public Value call(String name, Layer layer, @Nullable Value mask, Value... on) {
        Optional<Integer> node = builder.add(new GraphBuilder.Call(
                NamedLayer.of(name, layer), "$." + name, List.of(on), mask == null ? List.of() : List.of(mask)));
        assertThat(problems).isEmpty();
        if (!names.contains(name)) {
            names.add(name);
        }
        return new Value(node.orElseThrow(), 0);
    }

    Shape shape(Value value) {
        return builder.shape(value);
    }

    int outputs(Value value) {
        return builder.outputs(value.node());
    }

    public Model model(Value... outputs) {
        return model(UnaryOperator.identity(), outputs);
    }

    /** The model, its weights passed through a function first. */
    public Model model(UnaryOperator<FloatTensor> change, Value... outputs) {
        List<String> outputNames = new ArrayList<>();
        for (int i = 0; i < outputs.length; i++) {
            outputNames.add("output_" + i);
        }
        Graph graph = builder.build(names, inputs, List.of(outputs), outputNames);
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : graph.layers()) {
            for (WeightSpec spec : layer.weights()) {
                weights.put(layer.name(), spec, change.apply(random(spec)));
            }
        }
        return new Model(graph, weights.build(), Optional.empty());
    }

    private FloatTensor random(WeightSpec spec) {
        float[] values = new float[spec.shape().size()];
        double scale =
                spec.shape().rank() < 2 ? 0.3 : 0.7 / Math.sqrt(spec.shape().dimension(0));
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
            if (spec.name().equals("moving_variance")) {
                values[i] = Math.abs(values[i]) + 0.5f;
            }
        }
        return FloatTensor.wrap(spec.shape(), values);
    }

    /** Weights of a layer by path. */
    static Map<String, FloatTensor> weights(Model model, GraphLayer layer) {
        Map<String, FloatTensor> weights = new LinkedHashMap<>();
        layer.weights().forEach(spec -> weights.put(spec.path(), model.weights().get(layer.name(), spec.path())));
        return weights;
    }
}
