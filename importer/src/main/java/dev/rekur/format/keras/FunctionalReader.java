package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.format.keras.OrderedCalls.CallKey;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.layer.NamedLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds the graph of a Functional model, call by call. */
final class FunctionalReader {
    private final ModelConfig model;
    private final LayerCache layers;
    private final GraphBuilder builder;

    /** Node of each call that was added; -1 for one that could not be. */
    private final Map<CallKey, Integer> nodes = new HashMap<>();

    FunctionalReader(ModelConfig model, LayerCache layers, GraphBuilder builder) {
        this.model = model;
        this.layers = layers;
        this.builder = builder;
        builder.givenMasksPass(model.version().givenMasksPass());
    }

    /** The graph; empty if there were problems. */
    Optional<Graph> read() {
        OrderedCalls calls = new OrderedCalls(model);
        requireEntered(calls.inputs().tensors());
        for (LayerEntry entry : model.entries()) {
            List<CallEntry> own = calls.of(entry);
            layers.layer(entry, own.isEmpty() ? null : own.get(0)); // reports what is wrong, called or not
        }
        for (OrderedCalls.Step step : calls.inOrder()) {
            CallEntry call = calls.of(step.entry()).get(step.call());
            nodes.put(new CallKey(step.entry().name(), step.call()), add(step.entry(), step.call(), call));
        }
        if (!model.problems().isEmpty()) {
            return Optional.empty();
        }
        List<String> order = model.entries().stream().map(LayerEntry::name).toList();
        OrderedCalls.Ports inputs = calls.inputs();
        OrderedCalls.Ports outputs = calls.outputs();
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

    /** The node of the call, or -1 if it could not be added, or if a call it needs could not. */
    private int add(LayerEntry entry, int index, CallEntry call) {
        Optional<NamedLayer> layer = layers.layer(entry, call);
        if (layer.isEmpty()) {
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
        return builder.add(new GraphBuilder.Call(layer.get(), place, inputs, masks))
                .orElse(-1);
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
            throw model.damagedGraph("output " + tensor.output() + " of layer '" + tensor.layer()
                    + "' is used, which has " + outputs + " outputs");
        }
        return new Value(node, tensor.output());
    }
}
