package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.operation.Any;
import dev.rekur.layer.operation.LogicalOr;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each call of a graph computes, as a number that is the same for the same computation: the layer, what its inputs
 * compute, and the mask it works with. A mask means the same whether the file holds it as operations or leaves it to the
 * layers, so two graphs can be compared that say it in different ways.
 */
final class GraphMeaning {
    /** Gives equal terms equal numbers; graphs to be compared share one. */
    static final class Terms {
        private final Map<List<?>, Integer> numbers = new HashMap<>();

        int number(@Nullable Object... term) {
            return numbers.computeIfAbsent(java.util.Arrays.asList(term), key -> numbers.size());
        }
    }

    private final Terms terms;
    private final Graph graph;
    private final Map<Value, Integer> values = new HashMap<>();
    private final Map<Value, Integer> masks = new HashMap<>();
    private final Map<String, List<Integer>> byLayer = new LinkedHashMap<>();

    GraphMeaning(Graph graph, Terms terms) {
        this.graph = graph;
        this.terms = terms;
        for (int node = 0; node < graph.nodes().size(); node++) {
            read(node);
        }
    }

    /** The calls of each layer, sorted, operations left out. */
    Map<String, List<Integer>> byLayer() {
        return byLayer;
    }

    /** Inputs and outputs of the model. */
    List<@Nullable Integer> ends() {
        List<@Nullable Integer> ends = new ArrayList<>();
        graph.inputs().forEach(value -> ends.add(values.get(value)));
        graph.outputs().forEach(value -> ends.add(values.get(value)));
        return ends;
    }

    private void read(int index) {
        Node node = graph.nodes().get(index);
        Layer layer = node.layer().layer();
        List<@Nullable Integer> inputs =
                node.inputs().stream().<@Nullable Integer>map(values::get).toList();
        if (layer.className().equals("InputLayer") && !inputs.isEmpty()) {
            enter(node, index);
            return;
        }
        @Nullable Integer operation = operation(layer, inputs);
        if (operation != null) {
            values.put(new Value(index, 0), operation);
            return;
        }
        Value explicit = node.mask();
        boolean carried =
                !node.inputs().isEmpty() && layer.usesCarriedMask(node.inputs().size());
        @Nullable
        Integer mask = explicit != null
                ? values.get(explicit)
                : carried ? masks.get(node.inputs().get(0)) : null;
        int call = terms.number("call", node.layer().name(), inputs, mask);
        List<Integer> calls = byLayer.computeIfAbsent(node.layer().name(), name -> new ArrayList<>());
        calls.add(call);
        calls.sort(null);
        for (int output = 0; output < node.shapes().size(); output++) {
            Value value = new Value(index, output);
            values.put(value, terms.number("output", call, output));
            Integer outputMask = outputMask(node, output, inputs, explicit != null && node.masksPass() ? mask : null);
            if (outputMask != null) {
                masks.put(value, outputMask);
            }
        }
    }

    /** Where a value enters a nested model it stays what it is, but the call may give it another mask. */
    private void enter(Node node, int index) {
        Value entering = new Value(index, 0);
        Value from = node.inputs().get(0);
        values.put(entering, Objects.requireNonNull(values.get(from)));
        Value explicit = node.mask();
        Integer mask = explicit != null ? values.get(explicit) : masks.get(from);
        if (mask != null) {
            masks.put(entering, mask);
        }
    }

    /** An operation that masks are made of; null for anything else. */
    private @Nullable Integer operation(Layer layer, List<@Nullable Integer> inputs) {
        if (layer instanceof NotEqual notEqual) {
            return terms.number("differs", notEqual.constant(), inputs.get(0));
        }
        if (layer instanceof Any any) {
            return terms.number("any", any.keepDimension(), inputs.get(0));
        }
        return layer instanceof LogicalOr ? joined("or", inputs) : null;
    }

    /** @param given the mask that the call is given and passes on, or null */
    private @Nullable Integer outputMask(
            Node node, int output, List<@Nullable Integer> inputs, @Nullable Integer given) {
        Layer layer = node.layer().layer();
        List<@Nullable Integer> carried = new ArrayList<>();
        node.inputs().forEach(input -> carried.add(masks.get(input)));
        if (given != null && !carried.isEmpty()) {
            carried.set(0, given);
        }
        OutputMask mask = layer.outputMask(output, masksOf(node, carried));
        if (mask instanceof OutputMask.OfInput same) {
            return carried.get(same.input());
        }
        if (mask instanceof OutputMask.AnyOfStep steps) {
            return stepMask(node, carried.get(steps.input()));
        }
        if (mask instanceof OutputMask.Joined joined) {
            return joined(
                    joined.any() ? "or" : "and",
                    carried.stream().filter(Objects::nonNull).toList());
        }
        if (mask instanceof OutputMask.None) {
            return null;
        }
        if (layer instanceof Embedding) {
            return terms.number("differs", 0f, inputs.get(0));
        }
        if (layer instanceof Masking masking) {
            return terms.number("any", false, terms.number("differs", masking.maskValue(), inputs.get(0)));
        }
        return terms.number("mask of", layer, inputs, carried);
    }

    /** Which inputs have a mask, of the shape that it has as a rule: a flag for each vector. */
    private InputMasks masksOf(Node node, List<@Nullable Integer> carried) {
        List<Shape> shapes = new ArrayList<>();
        List<@Nullable Shape> maskShapes = new ArrayList<>();
        for (int input = 0; input < carried.size(); input++) {
            Shape shape = graph.shape(node.inputs().get(input));
            shapes.add(shape);
            maskShapes.add(
                    carried.get(input) == null
                            ? null
                            : OutputMask.Computed.ofVectors(shape).shape());
        }
        return new InputMasks(shapes, maskShapes);
    }

    /** One flag for each step of a mask that may have more; a sequence of vectors cannot carry more. */
    private @Nullable Integer stepMask(Node node, @Nullable Integer mask) {
        boolean vectors = graph.shape(node.inputs().get(0)).rank() <= 3;
        return mask == null || vectors ? mask : (Integer) terms.number("steps", mask);
    }

    /** Several masks as one; a mask joined with itself is itself. */
    private @Nullable Integer joined(String how, List<@Nullable Integer> parts) {
        Set<Integer> distinct = new TreeSet<>();
        for (Integer part : parts) {
            if (part != null) {
                distinct.add(part);
            }
        }
        if (distinct.size() == 1) {
            return distinct.iterator().next();
        }
        return distinct.isEmpty() ? null : (Integer) terms.number(how, List.copyOf(distinct));
    }
}
