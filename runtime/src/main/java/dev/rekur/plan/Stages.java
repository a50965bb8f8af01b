package dev.rekur.plan;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Network;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A graph as a plan runs it: the model's, or what passes made of it. The model itself never changes.
 *
 * @param stages inputs before what uses them; a stage that a pass removed is null
 * @param inputs the model's inputs
 * @param outputs the model's outputs
 */
public record Stages(List<@Nullable Stage> stages, List<Value> inputs, List<Value> outputs) {
    /** The model's {@link Graph#flat flat} graph, call by call. */
    public static Stages of(Network model) {
        Graph graph = model.graph().flat();
        List<@Nullable Stage> stages = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String name = node.layer().name();
            stages.add(new Stage(
                    name,
                    node.layer().layer(),
                    path -> model.weights().get(name, path),
                    node.inputs(),
                    node.masks(),
                    node.masksPass()));
        }
        return new Stages(stages, graph.inputs(), graph.outputs());
    }

    /** How often each value is used, by stages and as an output of the model. */
    public Map<Value, Integer> uses() {
        Map<Value, Integer> uses = new HashMap<>();
        for (Stage stage : stages) {
            if (stage != null) {
                stage.used().forEach(value -> uses.merge(value, 1, Integer::sum));
            }
        }
        outputs.forEach(value -> uses.merge(value, 1, Integer::sum));
        return uses;
    }

    /** Whether a layer needs all rows of a batch at once. */
    public boolean joinRows() {
        return stages.stream().anyMatch(stage -> stage != null && stage.layer().rows() == Layer.Rows.JOINED);
    }

    /** The same stages with every value replaced. */
    public Stages replaceValues(UnaryOperator<Value> replacement) {
        List<@Nullable Stage> replaced = new ArrayList<>();
        for (Stage stage : stages) {
            replaced.add(stage == null ? null : stage.on(replacement));
        }
        return new Stages(replaced, inputs, outputs.stream().map(replacement).toList());
    }

    /** The same without stages that no output depends on, and no input of the model. */
    public Stages prune() {
        Set<Integer> needed = new HashSet<>();
        outputs.forEach(value -> needed.add(value.node()));
        inputs.forEach(value -> needed.add(value.node()));
        List<@Nullable Stage> kept = new ArrayList<>(stages);
        for (int i = kept.size() - 1; i >= 0; i--) {
            Stage stage = kept.get(i);
            if (stage == null || !needed.contains(i)) {
                kept.set(i, null);
                continue;
            }
            stage.used().forEach(value -> needed.add(value.node()));
        }
        return new Stages(kept, inputs, outputs);
    }
}
