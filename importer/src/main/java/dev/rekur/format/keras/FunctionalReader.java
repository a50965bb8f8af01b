package dev.rekur.format.keras;

import dev.rekur.ModelFormatException;
import dev.rekur.Problem;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Builds the graph of a Functional model. Layers stand in the file in no order that calls could rely on, so calls are
 * added as soon as what they need is there, and otherwise in the file's order.
 */
final class FunctionalReader {
    private static final int CALLS_LIMIT = 10_000;
    private static final int TENSORS_LIMIT = 100_000;

    /** Inputs and outputs of a model, of each. */
    private static final int ENDS_LIMIT = 2_000;

    private final ModelConfig model;
    private final CallNumbers numbers;
    private final LayerRooms rooms;
    private final GraphBuilder builder;
    private final Map<String, LayerEntry> byName = new HashMap<>();
    private final Map<String, List<CallEntry>> calls = new HashMap<>();

    /** Node of each call that was added; -1 for one that could not be. */
    private final Map<CallKey, Integer> nodes = new HashMap<>();

    private record CallKey(String layer, int call) {}

    /** A call that waits for others; ordered as in the file. */
    private static final class Waiting {
        private final int order;
        private final LayerEntry entry;
        private final int call;
        private int missing;

        Waiting(int order, LayerEntry entry, int call, int missing) {
            this.order = order;
            this.entry = entry;
            this.call = call;
            this.missing = missing;
        }
    }

    FunctionalReader(ModelConfig model, LayerRooms rooms, GraphBuilder builder) {
        this.model = model;
        this.numbers = new CallNumbers(model.entries(), model.kerasMajor());
        this.rooms = rooms;
        this.builder = builder;
    }

    /** The graph; empty if there were problems. */
    Optional<Graph> read() {
        for (LayerEntry entry : model.entries()) {
            byName.put(entry.name(), entry);
            calls.put(entry.name(), readCalls(entry));
        }
        requireLimits();
        for (LayerEntry entry : model.entries()) {
            callsOf(entry).forEach(call -> call.all().forEach(tensor -> require(tensor, entry.owner())));
        }
        Ports inputs = ports("input_layers");
        Ports outputs = ports("output_layers");
        for (TensorReference input : inputs.tensors()) {
            LayerEntry entry = byName.get(input.layer());
            if (entry == null || !entry.isInput()) {
                throw damaged("'input_layers' names '" + input.layer() + "', which is not an InputLayer");
            }
        }
        requireEntered(inputs.tensors());
        addCalls();
        if (!model.problems().isEmpty()) {
            return Optional.empty();
        }
        List<String> order = model.entries().stream().map(LayerEntry::name).toList();
        return Optional.of(builder.build(
                order, values(inputs.tensors()), inputs.names(), values(outputs.tensors()), outputs.names()));
    }

    /** All that enters the model does so through its inputs. */
    private void requireEntered(List<TensorReference> inputs) {
        Set<String> entered = new HashSet<>();
        inputs.forEach(input -> entered.add(input.layer()));
        for (LayerEntry entry : model.entries()) {
            if (entry.isInput() && !entered.contains(entry.name())) {
                model.problems()
                        .add(new Problem(
                                entry.owner() + " at " + entry.place(),
                                "is not among the model's 'input_layers'",
                                "Save the model again.",
                                "docs/TROUBLESHOOTING.md#damaged-configuration",
                                true));
            }
        }
    }

    private List<CallEntry> readCalls(LayerEntry entry) {
        if (entry.isInput()) {
            // an input is there without having been called
            return List.of(CallEntry.OF_INPUT);
        }
        // what a layer that holds code is called with says nothing to anybody who cannot run it
        return CallReader.read(entry, numbers, LayerRooms.isCode(entry) ? new ArrayList<>() : model.problems());
    }

    private List<CallEntry> callsOf(LayerEntry entry) {
        return calls.getOrDefault(entry.name(), List.of());
    }

    /** What a model takes or gives, flattened, with Keras's name of each. */
    private record Ports(List<TensorReference> tensors, List<String> names) {}

    /**
     * Flattens a triple, a list or an object, whose keys count in sorted order. Names are as in Keras's {@code CompileLoss}: the
     * keys on the way to a tensor, joined by slashes; for a place in a list, the name of the layer.
     */
    private Ports ports(String key) {
        Ports found = new Ports(new ArrayList<>(), new ArrayList<>());
        flatten(model.config().get(key), key, "", null, found);
        if (found.tensors().isEmpty()) {
            throw damaged("'" + key + "' names no tensor");
        }
        requireAtMost(ENDS_LIMIT, found.tensors().size(), "tensors in '" + key + "'");
        found.tensors().forEach(tensor -> require(tensor, "'" + key + "'"));
        return found;
    }

    /** What takes a byte or two of a deflated file must not take seconds of the machine. */
    private void requireLimits() {
        long all = 0;
        long tensors = 0;
        for (List<CallEntry> entryCalls : calls.values()) {
            all += entryCalls.size();
            for (CallEntry call : entryCalls) {
                tensors += call.all().size();
            }
        }
        requireAtMost(CALLS_LIMIT, all, "calls of layers");
        requireAtMost(TENSORS_LIMIT, tensors, "tensors in the calls of layers");
    }

    private void requireAtMost(int limit, long found, String what) {
        if (found > limit) {
            throw new ModelFormatException(
                    model.source() + ": model '" + model.name() + "' at " + model.place(),
                    "expected at most " + limit + " " + what + ", found " + found,
                    "",
                    "docs/TROUBLESHOOTING.md#limits");
        }
    }

    /**
     * @param path of what holds the value, with a slash at its end if it is not empty
     * @param name the value's key; null if it stands in a list or alone
     */
    private void flatten(@Nullable Object value, String key, String path, @Nullable String name, Ports found) {
        TensorReference reference = CallReader.reference(value);
        Optional<List<?>> list = JsonTree.list(value);
        String inner = name == null ? path : path + name + "/";
        if (reference != null) {
            found.tensors().add(numbers.ofOutput(reference));
            found.names().add(path + (name == null ? reference.layer() : name));
        } else if (list.isPresent()) {
            list.get().forEach(element -> flatten(element, key, inner, null, found));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((each, element) -> sorted.put((String) each, element));
            sorted.forEach((each, element) -> flatten(element, key, inner, each, found));
        } else {
            throw damaged("'" + key + "': expected [layer, call, output], found " + JsonTree.brief(value));
        }
    }

    private void require(TensorReference tensor, String who) {
        List<CallEntry> known = calls.get(tensor.layer());
        if (known == null) {
            throw damaged(who + " refers to layer '" + tensor.layer() + "', which the model does not have");
        }
        if (tensor.node() < 0 || tensor.node() >= known.size()) {
            throw damaged(who + " refers to call " + tensor.node() + " of layer '" + tensor.layer() + "', which has "
                    + known.size() + " calls");
        }
    }

    private void addCalls() {
        Map<CallKey, List<Waiting>> dependents = new HashMap<>();
        List<Waiting> all = new ArrayList<>();
        PriorityQueue<Waiting> ready = new PriorityQueue<>(Comparator.comparingInt(waiting -> waiting.order));
        for (LayerEntry entry : model.entries()) {
            List<CallEntry> entryCalls = callsOf(entry);
            rooms.room(entry, entryCalls.isEmpty() ? null : entryCalls.get(0)); // reports what is wrong, called or not
            for (int i = 0; i < entryCalls.size(); i++) {
                List<TensorReference> needed = entryCalls.get(i).all();
                Waiting waiting = new Waiting(all.size(), entry, i, needed.size());
                all.add(waiting);
                for (TensorReference tensor : needed) {
                    dependents
                            .computeIfAbsent(new CallKey(tensor.layer(), tensor.node()), key -> new ArrayList<>())
                            .add(waiting);
                }
                if (needed.isEmpty()) {
                    ready.add(waiting);
                }
            }
        }
        int added = 0;
        while (!ready.isEmpty()) {
            Waiting waiting = ready.remove();
            added++;
            CallKey key = new CallKey(waiting.entry.name(), waiting.call);
            nodes.put(key, add(waiting.entry, waiting.call));
            for (Waiting dependent : dependents.getOrDefault(key, List.of())) {
                if (--dependent.missing == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (added < all.size()) {
            Set<String> stuck = new TreeSet<>();
            for (Waiting waiting : all) {
                if (waiting.missing > 0 && stuck.size() < 10) {
                    stuck.add(waiting.entry.name());
                }
            }
            throw damaged("layers wait for each other in a circle: " + String.join(", ", stuck));
        }
    }

    /** The node of the call, or -1 if it could not be added, or if a call it needs could not. */
    private int add(LayerEntry entry, int index) {
        CallEntry call = callsOf(entry).get(index);
        Optional<Layer> room = rooms.room(entry, call);
        if (room.isEmpty()) {
            return -1;
        }
        if (call.tensors().isEmpty() && !entry.isInput()) {
            model.problems()
                    .add(new Problem(
                            entry.owner() + " at " + entry.place() + ".inbound_nodes[" + index + "]",
                            "the layer is called without a tensor",
                            "Save the model again.",
                            "docs/TROUBLESHOOTING.md#damaged-configuration",
                            true));
            return -1;
        }
        List<Value> inputs = new ArrayList<>();
        for (TensorReference tensor : call.tensors()) {
            Value value = value(tensor);
            if (value == null) {
                return -1;
            }
            inputs.add(value);
        }
        List<@Nullable Value> masks = new ArrayList<>();
        for (TensorReference tensor : call.masks()) {
            Value mask = tensor == null ? null : value(tensor);
            if (tensor != null && mask == null) {
                return -1;
            }
            masks.add(mask);
        }
        String place = entry.isInput() ? entry.place() : entry.place() + ".inbound_nodes[" + index + "]";
        GraphBuilder.Call found =
                new GraphBuilder.Call(entry.name(), room.get(), entry.object(), entry.trainable(), place, inputs, null);
        return builder.add(found, masks).orElse(-1);
    }

    private List<Value> values(List<TensorReference> tensors) {
        List<Value> values = new ArrayList<>();
        for (TensorReference tensor : tensors) {
            Value value = value(tensor);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private @Nullable Value value(TensorReference tensor) {
        int node = nodes.getOrDefault(new CallKey(tensor.layer(), tensor.node()), -1);
        if (node < 0) {
            return null;
        }
        int outputs = builder.outputs(node);
        if (tensor.output() >= outputs) {
            throw damaged("output " + tensor.output() + " of layer '" + tensor.layer() + "' is used, which has "
                    + outputs + " outputs");
        }
        return new Value(node, tensor.output());
    }

    private ModelFormatException damaged(String what) {
        return new ModelFormatException(
                model.source() + ": model '" + model.name() + "' at " + model.place(),
                "its graph does not hold together: " + what,
                "Save the model again.",
                "docs/TROUBLESHOOTING.md#damaged-configuration");
    }
}
