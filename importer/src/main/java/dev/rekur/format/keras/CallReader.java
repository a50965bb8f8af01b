package dev.rekur.format.keras;

import dev.rekur.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @param mask the mask given explicitly, or null
     * @param arguments for operations: the positional arguments, tensors replaced
     * @param keywordArguments for operations: the others
     */
    record CallEntry(
            List<TensorReference> tensors,
            @Nullable TensorReference mask,
            List<Object> arguments,
            Map<String, Object> keywordArguments) {}

    private static final String TENSOR = "__tensor__";

    /** Of layers that are called with more than tensors: what their positional arguments after the first are. */
    private static final Map<String, List<String>> POSITIONS = positions();

    private static Map<String, List<String>> positions() {
        Map<String, List<String>> positions = new HashMap<>();
        for (String recurrent : List.of("SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional")) {
            positions.put(recurrent, List.of("initial_state", "mask", "training"));
        }
        positions.put("TimeDistributed", List.of("training", "mask"));
        return positions;
    }

    private final LayerEntry entry;
    private final String place;
    private final List<Problem> problems;
    private final List<TensorReference> tensors = new ArrayList<>();
    private @Nullable TensorReference mask;

    private CallReader(LayerEntry entry, String place, List<Problem> problems) {
        this.entry = entry;
        this.place = place;
        this.problems = problems;
    }

    /** Reads all calls of a layer. */
    static List<CallEntry> read(LayerEntry entry, List<Problem> problems) {
        List<CallEntry> calls = new ArrayList<>();
        for (int i = 0; i < entry.inboundNodes().size(); i++) {
            String place = entry.place() + ".inbound_nodes[" + i + "]";
            Object node = entry.inboundNodes().get(i);
            calls.add(new CallReader(entry, place, problems).call(node));
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
        return new CallEntry(tensors, mask, List.of(), Map.of());
    }

    private CallEntry operationCall(List<?> args, Map<String, Object> kwargs) {
        List<Object> arguments = new ArrayList<>();
        args.forEach(argument -> arguments.add(replaceTensors(argument)));
        Map<String, Object> keywords = new LinkedHashMap<>();
        kwargs.forEach((key, value) -> keywords.put(key, replaceTensors(value)));
        return new CallEntry(tensors, null, arguments, keywords);
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
        return new CallEntry(tensors, mask, List.of(), Map.of());
    }

    private void readKeywords(Map<String, Object> kwargs) {
        kwargs.forEach(this::readKeyword);
    }

    private void readKeyword(String key, @Nullable Object value) {
        if (value == null || value instanceof List<?> list && list.stream().allMatch(java.util.Objects::isNull)) {
            return;
        }
        switch (key) {
            case "mask" -> {
                mask = reference(value);
                if (mask == null) {
                    problem(
                            "mask " + JsonTree.brief(value),
                            "Rekur takes one mask for each call, a tensor of the graph.");
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

    /** Adds the tensors in a structure; anything else in it is a problem. */
    private void collect(@Nullable Object value, String what) {
        TensorReference reference = reference(value);
        if (reference != null) {
            tensors.add(reference);
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collect(element, what));
        } else if (value instanceof Map<?, ?> map && map.get("items") instanceof List<?> items) {
            items.forEach(element -> collect(element, what));
        } else {
            problem(what + " = " + JsonTree.brief(value), "Call the layer with tensors of the graph only.");
        }
    }

    private @Nullable Object replaceTensors(@Nullable Object value) {
        TensorReference reference = reference(value);
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
        TensorReference reference = reference(value);
        if (reference != null) {
            tensors.add(reference);
            if (value instanceof List<?> leaf && leaf.size() > 3) {
                // each tensor of a call carries the same keyword arguments
                JsonTree.object(leaf.get(3)).ifPresent(kwargs::putAll);
            }
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collectKeras2(element, kwargs));
        } else if (value instanceof Map<?, ?> map) {
            map.keySet().stream().map(String.class::cast).sorted().forEach(key -> collectKeras2(map.get(key), kwargs));
        } else if (value != null) {
            problem("call argument " + JsonTree.brief(value), "Call the layer with tensors of the graph only.");
        }
    }

    /** The tensor that a value stands for, in either version's form; null if it is none. */
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
                remedy + " docs/TROUBLESHOOTING.md#call-arguments"));
    }
}
