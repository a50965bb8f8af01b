package dev.rekur.training.step;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.Stage;
import dev.rekur.plan.Stages;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which values of a graph have a gradient: those that depend on something trained, and that the loss depends on. */
final class GradientFlow {
    private final Graph graph;
    private final Stages stages;
    private final Set<Value> losses;
    private final Set<Value> moved = new HashSet<>();
    private final Set<Value> reached = new HashSet<>();
    /** The node whose adjoint runs first of all that use a value. */
    private final Map<Value, Integer> firstAdjoint = new HashMap<>();

    /**
     * @param stages the graph as it runs, a stage for each node
     * @param trained whether a node has weights that are trained
     * @param losses where the adjoint begins
     */
    GradientFlow(Graph graph, Stages stages, IntPredicate trained, Set<Value> losses) {
        this.graph = graph;
        this.stages = stages;
        this.losses = losses;
        int count = graph.nodes().size();
        for (int i = 0; i < count; i++) {
            boolean moves = stages.stages().get(i) != null
                    && (trained.test(i) || inputs(i).stream().anyMatch(moved::contains));
            List<ValueKind> kinds = graph.nodes().get(i).kinds();
            for (int output = 0; moves && output < kinds.size(); output++) {
                if (kinds.get(output) == ValueKind.FLOAT) {
                    moved.add(new Value(i, output));
                }
            }
        }
        reached.addAll(losses);
        for (int i = count - 1; i >= 0; i--) {
            if (outputs(i).anyMatch(reached::contains)) {
                reached.addAll(inputs(i));
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            if (hasAdjoint(i)) {
                for (Value input : inputs(i)) {
                    firstAdjoint.putIfAbsent(input, i);
                }
            }
        }
    }

    /** The inputs that gradients pass to. */
    private List<Value> inputs(int node) {
        Stage stage = stages.stages().get(node);
        return stage == null
                ? List.of()
                : IntStream.range(0, stage.inputs().size())
                        .filter(stage.layer()::passesGradient)
                        .mapToObj(stage.inputs()::get)
                        .toList();
    }

    private Stream<Value> outputs(int node) {
        return IntStream.range(0, graph.nodes().get(node).shapes().size()).mapToObj(output -> new Value(node, output));
    }

    /** Whether a value has a gradient. */
    boolean has(Value value) {
        return moved.contains(value) && reached.contains(value);
    }

    /** Whether a node's adjoint has anything to do. */
    boolean hasAdjoint(int node) {
        return outputs(node).anyMatch(this::has);
    }

    /** Whether the loss writes to the value's gradient, before all adjoints. */
    boolean isLoss(Value value) {
        return losses.contains(value);
    }

    /** The node whose adjoint runs first of all that use the value, or -1 if none does. */
    int firstAdjoint(Value value) {
        return firstAdjoint.getOrDefault(value, -1);
    }

    /** Whether the adjoint of a node's input is the first to write to the value's gradient, so that it need not add. */
    boolean writesFirst(int node, int input) {
        Stage stage = stages.stages().get(node);
        if (stage == null || !stage.layer().passesGradient(input)) {
            return false;
        }
        Value value = stage.inputs().get(input);
        boolean before = IntStream.range(0, input)
                .anyMatch(i ->
                        stage.layer().passesGradient(i) && stage.inputs().get(i).equals(value));
        return !isLoss(value) && firstAdjoint(value) == node && !before;
    }
}
