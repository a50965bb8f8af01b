package dev.rekur.training.step;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.ValueKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which values of a graph have a gradient: those that depend on something trained, and that the loss depends on. */
final class GradientFlow {
    private final Graph graph;
    private final Set<Value> losses;
    private final Set<Value> moved = new HashSet<>();
    private final Set<Value> reached = new HashSet<>();
    /** The node whose adjoint runs first of all that use a value. */
    private final Map<Value, Integer> firstAdjoint = new HashMap<>();

    /**
     * @param trained whether a layer has weights that are trained
     * @param losses outputs of the model that a loss is computed of
     */
    GradientFlow(Graph graph, Predicate<GraphLayer> trained, Set<Value> losses) {
        this.graph = graph;
        this.losses = losses;
        List<Node> nodes = graph.nodes();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            boolean moves = trained.test(node.layer()) || node.inputs().stream().anyMatch(moved::contains);
            for (int output = 0; moves && output < node.shapes().size(); output++) {
                if (node.kinds().get(output) == ValueKind.FLOAT) {
                    moved.add(new Value(i, output));
                }
            }
        }
        reached.addAll(losses);
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (outputs(i).anyMatch(reached::contains)) {
                reached.addAll(nodes.get(i).inputs());
            }
        }
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (hasAdjoint(i)) {
                for (Value input : nodes.get(i).inputs()) {
                    firstAdjoint.putIfAbsent(input, i);
                }
            }
        }
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
        List<Value> inputs = graph.nodes().get(node).inputs();
        Value value = inputs.get(input);
        return !isLoss(value) && firstAdjoint(value) == node && inputs.indexOf(value) == input;
    }
}
