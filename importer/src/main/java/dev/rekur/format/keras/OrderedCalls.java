package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a Functional model's layers, and what goes into the model and comes out of it. Layers stand in the file in no order
 * that calls could rely on, so a call comes as soon as all that it needs is there, and otherwise in the file's order.
 */
final class OrderedCalls {
    private static final int CALLS_LIMIT = 10_000;
    private static final int TENSORS_LIMIT = 100_000;

    /** Inputs and outputs of a model, of each. */
    private static final int ENDS_LIMIT = 2_000;

    private final ModelConfig model;
    private final CallNumbers numbers;
    private final Map<String, LayerEntry> byName = new HashMap<>();
    private final Map<String, List<CallEntry>> calls = new HashMap<>();
    private final Ports inputs;
    private final Ports outputs;

    /** A call, number {@code call} of its layer. */
    record Step(LayerEntry entry, int call) {}

    /** A call that waits for others; ordered as in the file. */
    private static final class Waiting {
        private final int order;
        private final Step step;
        private int missing;

        Waiting(int order, Step step, int missing) {
            this.order = order;
            this.step = step;
            this.missing = missing;
        }
    }

    /** Identifies a call. */
    record CallKey(String layer, int call) {}

    /**
     * Reads the calls. What is wrong with one of them becomes a problem of the model.
     *
     * @throws ModelFormatException if one refers to what there is not
     */
    OrderedCalls(ModelConfig model) {
        this.model = model;
        this.numbers = new CallNumbers(model.entries(), model.kerasMajor());
        for (LayerEntry entry : model.entries()) {
            byName.put(entry.name(), entry);
            calls.put(entry.name(), readCalls(entry));
        }
        requireLimits();
        for (LayerEntry entry : model.entries()) {
            of(entry).forEach(call -> call.all().forEach(tensor -> require(tensor, entry.owner())));
        }
        inputs = ports("input_layers");
        outputs = ports("output_layers");
        for (TensorReference input : inputs.tensors()) {
            LayerEntry entry = byName.get(input.layer());
            if (entry == null || !entry.isInput()) {
                throw model.damagedGraph("'input_layers' names '" + input.layer() + "', which is not an InputLayer");
            }
        }
    }

    /** The model's inputs. */
    Ports inputs() {
        return inputs;
    }

    /** The model's outputs. */
    Ports outputs() {
        return outputs;
    }

    /** The calls of a layer. */
    List<CallEntry> of(LayerEntry entry) {
        return calls.getOrDefault(entry.name(), List.of());
    }

    private List<CallEntry> readCalls(LayerEntry entry) {
        if (entry.isInput()) {
            // an input is there without having been called
            return List.of(CallEntry.OF_INPUT);
        }
        // what a layer that holds code is called with says nothing to anybody who cannot run it
        return CallReader.read(entry, numbers, LayerCache.isCode(entry) ? new ArrayList<>() : model.problems());
    }

    /** What a model takes or gives, flattened, with Keras's name of each. */
    record Ports(List<TensorReference> tensors, List<String> names) {}

    /**
     * Flattens a triple, a list or an object, whose keys count in sorted order. Names are as in Keras's {@code CompileLoss}: the
     * keys on the way to a tensor, joined by slashes; for a place in a list, the name of the layer.
     */
    private Ports ports(String key) {
        Ports found = new Ports(new ArrayList<>(), new ArrayList<>());
        flatten(model.config().get(key), key, "", null, found);
        if (found.tensors().isEmpty()) {
            throw model.damagedGraph("'" + key + "' names no tensor");
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
            throw model.damagedGraph("'" + key + "': expected [layer, call, output], found " + JsonTree.brief(value));
        }
    }

    private void require(TensorReference tensor, String who) {
        List<CallEntry> known = calls.get(tensor.layer());
        if (known == null) {
            throw model.damagedGraph(who + " refers to layer '" + tensor.layer() + "', which the model does not have");
        }
        if (tensor.node() < 0 || tensor.node() >= known.size()) {
            throw model.damagedGraph(who + " refers to call " + tensor.node() + " of layer '" + tensor.layer()
                    + "', which has " + known.size() + " calls");
        }
    }

    /** Shapes of the tensors that calls take, as far as the file tells them: Keras 3 does. */
    Map<TensorReference, Shape> shapesTold() {
        Map<TensorReference, Shape> told = new HashMap<>();
        model.entries().forEach(entry -> collectShapes(entry.inboundNodes(), told));
        return told;
    }

    private void collectShapes(@Nullable Object value, Map<TensorReference, Shape> told) {
        if (value instanceof List<?> list) {
            list.forEach(element -> collectShapes(element, told));
        } else if (value instanceof Map<?, ?> map) {
            TensorReference reference = CallReader.reference(map);
            if (reference != null && map.get("config") instanceof Map<?, ?> tensor) {
                OutlineReader.shape(tensor.get("shape")).ifPresent(shape -> told.put(numbers.ofCall(reference), shape));
            } else {
                map.values().forEach(element -> collectShapes(element, told));
            }
        }
    }

    /**
     * Every call, after those that it needs.
     *
     * @throws ModelFormatException if calls wait for each other
     */
    List<Step> inOrder() {
        Map<CallKey, List<Waiting>> dependents = new HashMap<>();
        List<Waiting> all = new ArrayList<>();
        PriorityQueue<Waiting> ready = new PriorityQueue<>(Comparator.comparingInt(waiting -> waiting.order));
        for (LayerEntry entry : model.entries()) {
            List<CallEntry> entryCalls = of(entry);
            for (int i = 0; i < entryCalls.size(); i++) {
                List<TensorReference> needed = entryCalls.get(i).all();
                Waiting waiting = new Waiting(all.size(), new Step(entry, i), needed.size());
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
        List<Step> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            Step step = ready.remove().step;
            ordered.add(step);
            for (Waiting dependent :
                    dependents.getOrDefault(new CallKey(step.entry().name(), step.call()), List.of())) {
                if (--dependent.missing == 0) {
                    ready.add(dependent);
                }
            }
        }
        if (ordered.size() < all.size()) {
            Set<String> stuck = new TreeSet<>();
            for (Waiting waiting : all) {
                if (waiting.missing > 0 && stuck.size() < 10) {
                    stuck.add(waiting.step.entry().name());
                }
            }
            throw model.damagedGraph("layers wait for each other in a circle: " + String.join(", ", stuck));
        }
        return ordered;
    }
}
