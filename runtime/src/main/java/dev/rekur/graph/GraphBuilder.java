package dev.rekur.graph;

import dev.rekur.error.Problem;
import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSettings;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a graph together call by call, and infers shapes and weights on the way. What does not fit is reported as a
 * {@link Problem}; the call's results are then unknown, and calls that depend on them are left out in silence, so that
 * one mistake is reported once.
 */
public final class GraphBuilder {
    /** Calls of layers that a model may have, those inside nested models counted for each call of these. */
    private static final long LARGEST = 100_000;

    private final String name;
    private final Graph.Style style;
    private final List<Problem> problems;
    private final Map<String, GraphLayer> layers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private long calls;
    private boolean givenMasksPass = true;

    public GraphBuilder(String name, Graph.Style style, List<Problem> problems) {
        this.name = name;
        this.style = style;
        this.problems = problems;
    }

    /** Whether masks that are given to calls go on with the outputs, which they do unless it is said here that they do not. */
    public void givenMasksPass(boolean pass) {
        givenMasksPass = pass;
    }

    /**
     * A call of a layer.
     *
     * @param named the layer, the same object at each of its calls
     * @param place where the call was found, for messages
     * @param inputs tensors that it takes
     * @param masks the masks given explicitly, one for each input, null where there is none; empty if there are none at all
     */
    public record Call(NamedLayer named, String place, List<Value> inputs, List<@Nullable Value> masks) {
        /** A call without masks. */
        public Call(NamedLayer named, String place, List<Value> inputs) {
            this(named, place, inputs, List.of());
        }

        String layerName() {
            return named.name();
        }
    }

    /** Adds a call; the index of its node, or empty if it does not fit. */
    public Optional<Integer> add(Call call) {
        Layer layer = call.named().layer();
        List<Shape> inputShapes = call.inputs().stream().map(this::shape).toList();
        List<ValueKind> inputKinds = call.inputs().stream().map(this::kind).toList();
        try {
            requireKinds(layer, inputKinds);
            count(layer);
            List<Shape> shapes = layer.outputShapes(inputShapes);
            List<ValueKind> kinds = new ArrayList<>();
            for (int output = 0; output < shapes.size(); output++) {
                kinds.add(layer.outputKind(output, inputKinds));
            }
            List<WeightSpec> weights = layer.weights(inputShapes);
            weights.forEach(weight -> weight.shape().size()); // fails where it cannot be counted
            GraphLayer known = layers.get(call.layerName());
            if (known != null && known.layer() != layer) {
                throw new ShapeMismatchException(
                        "has the name of another layer, " + known, "Names must be unique; rename one of the two.");
            }
            if (known != null && !known.weights().equals(weights)) {
                throw new ShapeMismatchException(
                        "is shared, but a further call on " + inputShapes + " would need other weights",
                        "Call a shared layer on inputs with the same number of features.");
            }
            GraphLayer graphLayer = known != null ? known : new GraphLayer(call.named(), weights);
            requireWeights(graphLayer);
            layers.put(call.layerName(), graphLayer);
            nodes.add(new Node(graphLayer, call.inputs(), call.masks(), givenMasksPass, shapes, kinds));
            return Optional.of(nodes.size() - 1);
        } catch (ShapeMismatchException mismatch) {
            problems.add(new Problem(
                    "layer '" + call.layerName() + "' (" + layer.className() + ") at " + call.place(),
                    mismatch.finding(),
                    mismatch.remedy(),
                    mismatch.link(),
                    true));
            return Optional.empty();
        } catch (ArithmeticException overflow) {
            problems.add(new Problem(
                    "layer '" + call.layerName() + "' (" + layer.className() + ") at " + call.place(),
                    "its shapes on inputs " + inputShapes + " are too large to count",
                    "No array on the JVM has more than 2^31 elements; check the configuration.",
                    "docs/TROUBLESHOOTING.md#limits",
                    true));
            return Optional.empty();
        }
    }

    /** A regularizer or constraint of a weight that the layer does not have would count for nothing, in silence. */
    private static void requireWeights(GraphLayer layer) {
        for (Map.Entry<String, WeightSettings> settings :
                layer.named().settings().entrySet()) {
            if (layer.weights().stream().noneMatch(weight -> weight.name().equals(settings.getKey()))) {
                throw new ShapeMismatchException(
                        "its configuration says '" + settings.getValue().key() + "_...' of a weight '"
                                + settings.getKey() + "' that it does not have",
                        "Let the layer's fromConfig read the settings of its weights by their names.");
            }
        }
    }

    /** Models that call models that call models, each twice, would soon be larger than any memory. */
    private void count(Layer layer) {
        calls += layer instanceof NestedModel nested ? nested.graph().calls() : 1;
        if (calls > LARGEST) {
            throw new ShapeMismatchException(
                    "makes " + calls + " calls of layers with all that the models in it call, expected at most "
                            + LARGEST,
                    "Call them less often.",
                    "docs/TROUBLESHOOTING.md#limits");
        }
    }

    private static void requireKinds(Layer layer, List<ValueKind> kinds) {
        for (int input = 0; input < kinds.size(); input++) {
            ValueKind kind = kinds.get(input);
            boolean convertible = kind != ValueKind.TEXT && layer.takes(input, ValueKind.FLOAT);
            if (!convertible && !layer.takes(input, kind)) {
                throw new ShapeMismatchException(
                        "cannot take " + kind + " values as input " + input,
                        "Connect it to a layer that gives what it takes; texts go through TextVectorization or"
                                + " StringLookup first.");
            }
        }
    }

    /** Number of outputs of a node added before. */
    public int outputs(int node) {
        return nodes.get(node).shapes().size();
    }

    /** Name of the layer that gives a value added before. */
    public String layerName(Value value) {
        return nodes.get(value.node()).layer().name();
    }

    /** Shape of a value added before. */
    public Shape shape(Value value) {
        return nodes.get(value.node()).shapes().get(value.output());
    }

    public ValueKind kind(Value value) {
        return nodes.get(value.node()).kinds().get(value.output());
    }

    /** The graph, whose inputs have the names of their layers. */
    public Graph build(List<String> layerOrder, List<Value> inputs, List<Value> outputs, List<String> outputNames) {
        return build(layerOrder, inputs, layerNames(inputs), outputs, outputNames);
    }

    /**
     * The graph.
     *
     * @param layerOrder names of the layers in the order of the file
     * @param inputs the model's inputs
     * @param inputNames a name for each input
     * @param outputs the model's outputs, flattened
     * @param outputNames a name for each output
     */
    public Graph build(
            List<String> layerOrder,
            List<Value> inputs,
            List<String> inputNames,
            List<Value> outputs,
            List<String> outputNames) {
        List<GraphLayer> ordered = layerOrder.stream()
                .map(layers::get)
                .filter(java.util.Objects::nonNull)
                .toList();
        for (Value output : outputs) {
            if (kind(output) == ValueKind.TEXT) {
                problems.add(new Problem(
                        "output of " + nodes.get(output.node()).layer(),
                        "is text, which Rekur does not put out",
                        "Let the model end in numbers."));
            }
        }
        requirePaths(ordered);
        return new Graph(
                name,
                style,
                ordered,
                nodes,
                inputs,
                outputs,
                new PortNames(unique(inputNames), layerNames(inputs)),
                new PortNames(unique(outputNames), layerNames(outputs)));
    }

    private List<String> layerNames(List<Value> values) {
        return values.stream()
                .map(value -> nodes.get(value.node()).layer().name())
                .toList();
    }

    /** Layers inside a model are known by a path; no other layer may be called like it, which Keras 2 allows. */
    private void requirePaths(List<GraphLayer> ordered) {
        Set<String> models = new HashSet<>();
        ordered.stream().filter(GraphLayer::isModel).forEach(model -> models.add(model.name()));
        for (GraphLayer layer : ordered) {
            String name = layer.name();
            for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
                if (models.contains(name.substring(0, slash))) {
                    problems.add(new Problem(
                            layer.toString(),
                            "has a name like that of a layer inside the model '" + name.substring(0, slash) + "'",
                            "Give it another name."));
                }
            }
        }
    }

    /** Keras allows one layer to give several outputs under one name; later ones get a number. */
    private static List<String> unique(List<String> names) {
        Set<String> unique = new LinkedHashSet<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            String candidate = name;
            while (!unique.add(candidate)) {
                candidate = name + "_" + numbers.merge(name, 1, Integer::sum);
            }
        }
        return List.copyOf(unique);
    }
}
