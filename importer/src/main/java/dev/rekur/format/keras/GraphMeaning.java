package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.ActivityRegularization;
import dev.rekur.layer.core.AlphaDropout;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.GaussianDropout;
import dev.rekur.layer.core.GaussianNoise;
import dev.rekur.layer.core.Masking;
import dev.rekur.layer.core.SpatialDropout1D;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.operation.Any;
import dev.rekur.layer.operation.LogicalOr;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.RecurrentLayer;
import dev.rekur.layer.recurrent.SequenceLayer;
import dev.rekur.layer.recurrent.TimeDistributed;
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
 *
 * <p>What a recurrent layer puts out at masked steps is part of it, if asked for, but only where somebody reads it: a layer that heeds the
 * same mask does not, and what is computed of each step by itself passes it on.
 */
final class GraphMeaning {
    /** Gives equal terms equal numbers; graphs to be compared share one. */
    static final class Terms {
        private final Map<List<?>, Integer> numbers = new HashMap<>();

        int number(@Nullable Object... term) {
            return numbers.computeIfAbsent(java.util.Arrays.asList(term), key -> numbers.size());
        }
    }

    /** Besides those that need a look at their configuration. */
    private static final List<Class<? extends Layer>> STEP_BY_STEP = List.of(
            ActivityRegularization.class,
            Add.class,
            AlphaDropout.class,
            BatchNormalization.class,
            Dense.class,
            Dropout.class,
            GaussianDropout.class,
            GaussianNoise.class,
            SpatialDropout1D.class,
            TimeDistributed.class);

    private final Terms terms;
    private final Graph graph;
    private final boolean atMaskedSteps;
    private final Map<Value, Integer> values = new HashMap<>();
    /** The same for all steps but those that the value's mask leaves out. */
    private final Map<Value, Integer> unmasked = new HashMap<>();

    private final Map<Value, Integer> masks = new HashMap<>();
    private final Map<String, List<Integer>> byLayer = new LinkedHashMap<>();

    /**
     * @param atMaskedSteps whether what layers put out at masked steps is part of the meaning
     */
    GraphMeaning(Graph graph, Terms terms, boolean atMaskedSteps) {
        this.graph = graph;
        this.terms = terms;
        this.atMaskedSteps = atMaskedSteps;
        for (int node = 0; node < graph.nodes().size(); node++) {
            read(node);
        }
    }

    /** Whether a layer puts out something else at masked steps in one graph than the layer of its name in the other. */
    static boolean differAtMaskedSteps(Graph first, Graph second) {
        return !repeating(first).equals(repeating(second));
    }

    private static Set<String> repeating(Graph graph) {
        Set<String> names = new TreeSet<>();
        graph.layers().stream()
                .filter(layer -> repeatsAtMaskedSteps(layer.layer(), 0))
                .forEach(layer -> names.add(layer.name()));
        return names;
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
            unmasked.put(new Value(index, 0), operation);
            return;
        }
        Value explicit = node.mask();
        boolean carried =
                !node.inputs().isEmpty() && layer.usesCarriedMask(node.inputs().size());
        @Nullable
        Integer mask = explicit != null
                ? values.get(explicit)
                : carried ? masks.get(node.inputs().get(0)) : null;
        List<@Nullable Integer> outputMasks = new ArrayList<>();
        for (int output = 0; output < node.shapes().size(); output++) {
            outputMasks.add(outputMask(node, output, inputs, explicit != null && node.masksPass() ? mask : null));
        }
        boolean stepByStep = atMaskedSteps && isStepByStep(node, outputMasks.get(0));
        boolean heeds = stepByStep || atMaskedSteps && heedsMaskOfInput(node, mask);
        List<@Nullable Integer> read = heeds ? heeded(node) : inputs;
        int call = terms.number("call", node.layer().name(), read, mask);
        List<Integer> calls = byLayer.computeIfAbsent(node.layer().name(), name -> new ArrayList<>());
        calls.add(call);
        calls.sort(null);
        for (int output = 0; output < node.shapes().size(); output++) {
            Value value = new Value(index, output);
            int there = terms.number("output", call, output);
            unmasked.put(value, there);
            if (atMaskedSteps && mask != null && repeatsAtMaskedSteps(layer, output)) {
                values.put(value, terms.number("repeats", there));
            } else {
                values.put(value, stepByStep ? terms.number("steps of", there, inputs) : (Integer) there);
            }
            Integer outputMask = outputMasks.get(output);
            if (outputMask != null) {
                masks.put(value, outputMask);
            }
        }
    }

    /** Inputs, the first ones without what they hold at masked steps; a sequence layer reads its states as they are. */
    private List<@Nullable Integer> heeded(Node node) {
        List<@Nullable Integer> heeded = new ArrayList<>();
        for (Value input : node.inputs()) {
            boolean state = node.layer().layer() instanceof SequenceLayer && !heeded.isEmpty();
            heeded.add(state ? values.get(input) : unmasked.getOrDefault(input, values.get(input)));
        }
        return heeded;
    }

    /** Whether a recurrent layer skips the steps that its input marks as masked. */
    private boolean heedsMaskOfInput(Node node, @Nullable Integer mask) {
        return node.layer().layer() instanceof SequenceLayer
                && mask != null
                && mask.equals(masks.get(node.inputs().get(0)));
    }

    /** Whether each step of the output is made of the same step of the inputs alone, and they have one mask. */
    private boolean isStepByStep(Node node, @Nullable Integer outputMask) {
        return outputMask != null
                && !(node.layer().layer() instanceof SequenceLayer)
                && node.inputs().stream().allMatch(input -> outputMask.equals(masks.get(input)))
                && isStepByStep(node, node.layer().layer());
    }

    private boolean isStepByStep(Node node, Layer layer) {
        if (layer instanceof ActivationLayer activation) {
            return activation.outputActivation().isElementwise();
        }
        if (layer instanceof LayerNormalization normalization) {
            int rank = graph.shape(node.inputs().get(0)).rank();
            return normalization.axes().stream().allMatch(axis -> axis == -1 || axis == rank - 1);
        }
        return STEP_BY_STEP.stream().anyMatch(kind -> kind.isInstance(layer));
    }

    private static boolean repeatsAtMaskedSteps(Layer layer, int output) {
        if (layer instanceof Bidirectional both) {
            boolean sequence = output == 0 || output == 1 && both.merge() == Bidirectional.Merge.NONE;
            return sequence && repeatsAtMaskedSteps(both.forwardLayer(), 0);
        }
        return layer instanceof RecurrentLayer recurrent
                && output == 0
                && recurrent.options().returnSequences()
                && !recurrent.options().zeroOutputForMask();
    }

    /** Where a value enters a nested model it stays what it is, but the call may give it another mask. */
    private void enter(Node node, int index) {
        Value entering = new Value(index, 0);
        Value from = node.inputs().get(0);
        int entered = Objects.requireNonNull(values.get(from));
        values.put(entering, entered);
        Value explicit = node.mask();
        Integer mask = explicit != null ? values.get(explicit) : masks.get(from);
        if (mask != null) {
            masks.put(entering, mask);
        }
        unmasked.put(
                entering,
                Objects.equals(mask, masks.get(from)) ? unmasked.getOrDefault(from, entered) : (Integer) entered);
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
