package dev.rekur.graph;

import dev.rekur.layer.Layer;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts the calls of nested models' layers in place of the calls of these models, at any depth. An inner input becomes the value
 * that the model is called on, with its mask, or with the one that the call gives explicitly; only where it has to be another
 * kind of number or another shape does a {@link ModelEntry} stand between. Masks leave a model on the values that carry them.
 */
final class Flattening {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, GraphLayer> layers = new LinkedHashMap<>();

    /** What a model is called on: a value of the flat graph, and the mask that the call gives. */
    private record Entry(Value value, @Nullable Value mask) {}

    private final Graph graph;
    private final Map<Value, Value> values;

    private Flattening(Graph nested) {
        values = add(nested, "", List.of());
        List<GraphLayer> ordered = new ArrayList<>();
        collect(nested, "", ordered);
        graph = new Graph(
                nested.name(),
                nested.style(),
                ordered,
                nodes,
                nested.inputs().stream().map(this::value).toList(),
                nested.outputs().stream().map(this::value).toList(),
                nested.inputPorts(),
                nested.outputPorts());
    }

    static Flattening of(Graph nested) {
        return new Flattening(nested);
    }

    Graph graph() {
        return graph;
    }

    /** The value of the flat graph that is a value of the nested one. */
    Value value(Value nested) {
        return Objects.requireNonNull(values.get(nested));
    }

    /** Layers in the order of the file, those of a nested model where it stands. */
    private void collect(Graph nested, String prefix, List<GraphLayer> ordered) {
        for (GraphLayer layer : nested.layers()) {
            if (layer.layer() instanceof NestedModel inner) {
                collect(inner.graph(), prefix + layer.name() + "/", ordered);
            } else {
                GraphLayer flat = layers.get(prefix + layer.name());
                if (flat != null && !(flat.layer() instanceof ModelEntry)) {
                    ordered.add(flat);
                }
            }
        }
    }

    /** Adds the calls of a graph; what its values are in the flat one. */
    private Map<Value, Value> add(Graph nested, String prefix, List<Entry> entries) {
        Map<Value, Value> known = new HashMap<>();
        Map<Value, Value> masks = new HashMap<>();
        for (int i = 0; i < nested.nodes().size(); i++) {
            Node node = nested.nodes().get(i);
            int input = entries.isEmpty() ? -1 : nested.inputIndex(i);
            if (input >= 0) {
                enter(nested, input, prefix, entries.get(input), known, masks);
            } else if (node.layer().layer() instanceof NestedModel inner) {
                List<Entry> called = new ArrayList<>();
                for (int k = 0; k < node.inputs().size(); k++) {
                    called.add(new Entry(known(known, node.inputs().get(k)), mask(node, k, known, masks)));
                }
                Map<Value, Value> below =
                        add(inner.graph(), prefix + node.layer().name() + "/", called);
                for (int output = 0; output < node.shapes().size(); output++) {
                    known.put(
                            new Value(i, output),
                            known(below, inner.graph().outputs().get(output)));
                }
            } else {
                call(node, i, prefix, known, masks);
            }
        }
        return known;
    }

    private static Value known(Map<Value, Value> known, Value value) {
        return Objects.requireNonNull(known.get(value));
    }

    private void call(Node node, int index, String prefix, Map<Value, Value> known, Map<Value, Value> masks) {
        GraphLayer layer = node.layer();
        GraphLayer named = layers.computeIfAbsent(
                prefix + layer.name(),
                path -> prefix.isEmpty() ? layer : new GraphLayer(layer.named().withName(path), layer.weights()));
        List<Value> inputs =
                node.inputs().stream().map(value -> known(known, value)).toList();
        Value mask = mask(node, 0, known, heedsCarried(node) ? masks : Map.of());
        boolean pass = node.mask() == null || node.masksPass(); // a mask from around is one that the input carries
        int flat = add(named, inputs, mask, pass);
        for (int output = 0; output < node.shapes().size(); output++) {
            known.put(new Value(index, output), new Value(flat, output));
        }
    }

    /** The mask of a call: the one given to it, or else the one that the model around was given for the same input. */
    private static @Nullable Value mask(Node node, int input, Map<Value, Value> known, Map<Value, Value> given) {
        Value explicit = node.mask(input);
        if (explicit != null) {
            return known(known, explicit);
        }
        return input < node.inputs().size() ? given.get(node.inputs().get(input)) : null;
    }

    private static boolean heedsCarried(Node node) {
        return node.inputs().size() == 1 && node.layer().layer().usesCarriedMask(1);
    }

    private int add(GraphLayer layer, List<Value> inputs, @Nullable Value mask, boolean maskPasses) {
        List<Shape> shapes =
                layer.layer().outputShapes(inputs.stream().map(this::shape).toList());
        List<ValueKind> inputKinds = inputs.stream().map(this::kind).toList();
        List<ValueKind> kinds = new ArrayList<>();
        for (int output = 0; output < shapes.size(); output++) {
            kinds.add(layer.layer().outputKind(output, inputKinds));
        }
        nodes.add(new Node(layer, inputs, mask == null ? List.of() : List.of(mask), maskPasses, shapes, kinds));
        return nodes.size() - 1;
    }

    private Shape shape(Value value) {
        return nodes.get(value.node()).shapes().get(value.output());
    }

    private ValueKind kind(Value value) {
        return nodes.get(value.node()).kinds().get(value.output());
    }

    private void enter(
            Graph nested, int input, String prefix, Entry entry, Map<Value, Value> known, Map<Value, Value> masks) {
        Value inner = nested.inputs().get(input);
        Shape declared = nested.shape(inner);
        ValueKind kind = nested.kind(inner);
        boolean asItIs = shape(entry.value()).rank() == declared.rank()
                && (kind(entry.value()) == kind || new NestedModel(nested).vocabularySize(input) > 0);
        Value mask = entry.mask();
        if (mask != null && asItIs && reachesCallsAlone(nested, inner)) {
            masks.put(inner, mask);
            mask = null;
        }
        if (asItIs && mask == null) {
            known.put(inner, entry.value());
            return;
        }
        Layer modelEntry = new ModelEntry(declared, kind);
        String path = prefix + nested.node(inner).layer().name();
        GraphLayer layer = layers.computeIfAbsent(
                path, name -> new GraphLayer(NamedLayer.of(name, modelEntry).withTrainable(false), List.of()));
        known.put(inner, new Value(add(layer, List.of(entry.value()), mask, true), 0));
    }

    /** Whether all that use an inner input can be given its mask with the call, so that the value itself need not carry it. */
    private static boolean reachesCallsAlone(Graph nested, Value inner) {
        return !nested.outputs().contains(inner)
                && nested.nodes().stream()
                        .filter(node -> node.inputs().contains(inner))
                        .allMatch(node -> node.layer().isModel()
                                || heedsCarried(node) && (node.mask() == null || node.masksPass()));
    }
}
