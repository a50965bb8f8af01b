package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a layer of a Functional model is called with. Keras 3 writes {@code {"args": [...], "kwargs": {...}}} with
 * tensors as objects at any depth; Keras 2 writes nested lists that end in {@code [layer, node, tensor, kwargs]}.
 */
final class CallReader {
    /** A tensor: output {@code output} of call {@code node} of a layer. */
    record TensorReference(String layer, int node, int output) {}

    /**
     * A call.
     *
     * @param tensors inputs of the layer, in order
     * @param masks the masks given explicitly: none, one for the first input, or one for each input of a model, null where there
     *     is none
     * @param arguments for operations: the positional arguments, tensors replaced
     * @param keywordArguments for operations: the others
     */
    record CallEntry(
            List<TensorReference> tensors,
            List<@Nullable TensorReference> masks,
            List<Object> arguments,
            Map<String, Object> keywordArguments) {
        /** A call of an input, which is there without having been called. */
        static final CallEntry OF_INPUT = new CallEntry(List.of(), List.of(), List.of(), Map.of());

        /** The mask for the first input, or null. */
        @Nullable
        TensorReference mask() {
            return masks.isEmpty() ? null : masks.get(0);
        }

        /** Tensors, then masks. */
        List<TensorReference> all() {
            List<TensorReference> all = new ArrayList<>(tensors);
            masks.stream().filter(Objects::nonNull).forEach(all::add);
            return all;
        }
    }

    private static final String TENSOR = "__tensor__";

    /** Of layers that are called with more than tensors: what their positional arguments after the first are. */
    private static final Map<String, List<String>> POSITIONS = positions();

    private static Map<String, List<String>> positions() {
        Map<String, List<String>> positions = new HashMap<>();
        for (String recurrent : List.of("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional")) {
            positions.put(recurrent, List.of("initial_state", "mask", "training"));
        }
        for (String wrapper : List.of("TimeDistributed", "Functional", "Sequential", "Model")) {
            positions.put(wrapper, List.of("training", "mask"));
        }
        return positions;
    }

    private final LayerEntry entry;
    private final String place;
    private final List<Problem> problems;
    private final List<TensorReference> tensors = new ArrayList<>();
    private final List<@Nullable TensorReference> masks = new ArrayList<>();
    private final CallNumbers numbers;

    private CallReader(LayerEntry entry, CallNumbers numbers, String place, List<Problem> problems) {
        this.entry = entry;
        this.numbers = numbers;
        this.place = place;
        this.problems = problems;
    }

    /**
     * Reads all calls of a layer.
     *
     * @param numbers how the file numbers the calls of the layers that tensors come from
     */
    static List<CallEntry> read(LayerEntry entry, CallNumbers numbers, List<Problem> problems) {
        List<CallEntry> calls = new ArrayList<>();
        for (int i = 0; i < entry.inboundNodes().size(); i++) {
            String place = entry.place() + ".inbound_nodes[" + i + "]";
            Object node = entry.inboundNodes().get(i);
            calls.add(new CallReader(entry, numbers, place, problems).call(node));
        }
        return calls;
    }

    private CallEntry call(@Nullable Object node) {
        Map<String, Object> object = JsonTree.object(node).orElse(Map.of());
        if (object.get("args") instanceof List<?> args) {
            Map<String, Object> kwargs = JsonTree.object(object.get("kwargs")).orElse(Map.of());
            return entry.operation() ? operationCall(args, kwargs) : layerCall(args, kwargs);
        }
        Map<String, Object> kwargs = new LinkedHashMap<>();
        collectKeras2(node, kwargs);
        readKeywords(kwargs);
        return new CallEntry(tensors, masks, List.of(), Map.of());
    }

    private CallEntry operationCall(List<?> args, Map<String, Object> kwargs) {
        List<Object> arguments = new ArrayList<>();
        args.forEach(argument -> arguments.add(replaceTensors(argument)));
        Map<String, Object> keywords = new LinkedHashMap<>();
        kwargs.forEach((key, value) -> keywords.put(key, replaceTensors(value)));
        return new CallEntry(tensors, List.of(), arguments, keywords);
    }

    private CallEntry layerCall(List<?> args, Map<String, Object> kwargs) {
        for (int i = 0; i < args.size(); i++) {
            Object argument = args.get(i);
            List<String> positions = POSITIONS.getOrDefault(entry.className(), List.of());
            if (i > 0 && !positions.isEmpty()) {
                readKeyword(i <= positions.size() ? positions.get(i - 1) : "argument " + i, argument);
            } else if (argument != null) {
                collect(argument, "argument " + i);
            }
        }
        readKeywords(kwargs);
        return new CallEntry(tensors, masks, List.of(), Map.of());
    }

    private void readKeywords(Map<String, Object> kwargs) {
        kwargs.forEach(this::readKeyword);
    }

    private void readKeyword(String key, @Nullable Object value) {
        if (value == null
                || value instanceof List<?> list && list.stream().allMatch(Objects::isNull)
                || value instanceof Map<?, ?> map && map.values().stream().allMatch(Objects::isNull)) {
            return;
        }
        switch (key) {
            case "mask" -> {
                if (!readMasks(value)) {
                    problem(
                            "mask " + JsonTree.brief(value),
                            "Rekur takes one mask for each call, and one for each input of a model: tensors of the graph.");
                }
            }
            case "training" -> {
                if (!Boolean.FALSE.equals(value)) {
                    problem(
                            "call argument 'training' = " + JsonTree.brief(value),
                            "Rekur runs layers in inference mode; call the layer without training=True.");
                }
            }
            case "initial_state" -> collect(value, key);
            default -> {
                if (!Boolean.FALSE.equals(value)) {
                    problem("call argument '" + key + "' = " + JsonTree.brief(value), "Call the layer without it.");
                }
            }
        }
    }

    private boolean readMasks(@Nullable Object value) {
        TensorReference mask = own(value);
        if (mask != null || value == null) {
            masks.add(mask);
            return true;
        }
        return entry.isModel()
                && structure(value).stream().allMatch(this::readMasks)
                && masks.stream().anyMatch(Objects::nonNull);
    }

    /** The elements of a list, or of an object in the order in which a model takes them. */
    private List<?> structure(Object value) {
        List<?> list = JsonTree.list(value).orElse(null);
        if (list != null || !entry.isModel() || !(value instanceof Map<?, ?> map)) {
            return list == null ? List.of() : list;
        }
        List<@Nullable Object> elements = new ArrayList<>();
        Object inputs = entry.config().get("input_layers");
        List<?> named = reference(inputs) == null ? JsonTree.list(inputs).orElse(List.of()) : List.of(inputs);
        if (!named.isEmpty()) { // a dictionary for a model that takes a list, or one tensor: by names
            for (Object input : named) {
                TensorReference reference = reference(input);
                String name = reference == null ? "" : reference.layer();
                if (!map.containsKey(name)) {
                    return List.of();
                }
                elements.add(map.get(name));
            }
            return elements;
        }
        new TreeMap<>(JsonTree.object(value).orElse(Map.of())).values().forEach(elements::add);
        return elements;
    }

    /** Adds the tensors in a structure; anything else in it is a problem. */
    private void collect(@Nullable Object value, String what) {
        TensorReference reference = own(value);
        List<?> elements = value == null || reference != null ? List.of() : structure(value);
        if (reference != null) {
            tensors.add(reference);
        } else if (!elements.isEmpty() || value instanceof List<?>) {
            elements.forEach(element -> collect(element, what));
        } else {
            problem(what + " = " + JsonTree.brief(value), "Call the layer with tensors of the graph only.");
        }
    }

    private @Nullable Object replaceTensors(@Nullable Object value) {
        TensorReference reference = own(value);
        if (reference != null) {
            tensors.add(reference);
            return TENSOR;
        }
        if (value instanceof List<?> list) {
            List<Object> replaced = new ArrayList<>();
            list.forEach(element -> replaced.add(replaceTensors(element)));
            return replaced;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> replaced = new LinkedHashMap<>();
            map.forEach((key, element) -> replaced.put(key, replaceTensors(element)));
            return replaced;
        }
        return value;
    }

    private void collectKeras2(@Nullable Object value, Map<String, Object> kwargs) {
        TensorReference reference = own(value);
        if (reference != null) {
            tensors.add(reference);
            if (value instanceof List<?> leaf && leaf.size() > 3) {
                // each tensor of a call carries the same keyword arguments
                JsonTree.object(leaf.get(3)).ifPresent(kwargs::putAll);
            }
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collectKeras2(element, kwargs));
        } else if (value instanceof Map<?, ?> map
                && entry.isModel()
                && !structure(map).isEmpty()) {
            structure(map).forEach(element -> collectKeras2(element, kwargs));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().stream().map(String.class::cast).sorted().forEach(key -> collectKeras2(map.get(key), kwargs));
        } else if (value != null) {
            problem("call argument " + JsonTree.brief(value), "Call the layer with tensors of the graph only.");
        }
    }

    /** The tensor that a value stands for, its calls counted from 0; null if it is none. */
    private @Nullable TensorReference own(@Nullable Object value) {
        TensorReference reference = reference(value);
        return reference == null ? null : numbers.ofCall(reference);
    }

    /** The tensor that a value stands for, as the file numbers it, in either version's form; null if it is none. */
    static @Nullable TensorReference reference(@Nullable Object value) {
        if (value instanceof Map<?, ?> object && "__keras_tensor__".equals(object.get("class_name"))) {
            Object history = object.get("config") instanceof Map<?, ?> config ? config.get("keras_history") : null;
            return history instanceof List<?> triple ? triple(triple) : null;
        }
        return value instanceof List<?> list ? triple(list) : null;
    }

    private static @Nullable TensorReference triple(List<?> list) {
        if (list.size() < 3
                || list.size() > 4
                || !(list.get(0) instanceof String layer)
                || !(list.get(1) instanceof Long node)
                || !(list.get(2) instanceof Long output)) {
            return null;
        }
        boolean counts = node >= 0 && node <= Integer.MAX_VALUE && output >= 0 && output <= Integer.MAX_VALUE;
        return counts ? new TensorReference(layer, node.intValue(), output.intValue()) : null;
    }

    private void problem(String finding, String remedy) {
        problems.add(new Problem(
                entry.owner() + " at " + place,
                finding + " is not supported",
                remedy,
                "docs/TROUBLESHOOTING.md#call-arguments"));
    }
}
