package dev.rekur.training.scoring;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model's graph, with the logits of its outputs as further outputs: what goes into the softmax or sigmoid that an output comes
 * from. Keras on TensorFlow takes crossentropies of them ({@code _get_logits} in {@code keras/src/backend/tensorflow/nn.py}); they
 * then neither clip nor lose probabilities near 0.
 *
 * <p>An output comes from an activation if the last layer applies it and returns what it gives. Layers that return their input
 * itself may stand between; some of them, such as Dropout, do that in inference alone. Where any other layer has made a new tensor
 * of it (Flatten, TimeDistributed, a recurrent layer's own activation) Keras does not see the activation, and there are no logits.
 */
public final class LogitsLifting {
    private final List<@Nullable Logits> logits = new ArrayList<>();
    private final Map<String, String> layers = new HashMap<>();
    private final Graph graph;

    /**
     * The logits of an output.
     *
     * @param output their place among the outputs of the graph
     * @param activation what is applied to them: softmax or sigmoid
     * @param inTraining whether there are logits in training; in inference there are
     */
    public record Logits(int output, Activation activation, boolean inTraining) {}

    /** What an output ends in. */
    public record Ending(String layer, Activation activation) {}

    /**
     * @param flat a graph without nested models
     * @param wanted the outputs whose logits are asked for
     */
    public LogitsLifting(Graph flat, Set<Integer> wanted) {
        Graph split = flat;
        for (int output : wanted) {
            Node node = split.node(origin(split, output, false));
            Activation activation = node.layer().layer().outputActivation();
            if (isProbability(activation) && !node.layer().layer().isActivation()) {
                split = split(split, node.layer());
            }
        }
        List<Value> values = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int outputs = flat.outputs().size();
        for (int output = 0; output < outputs; output++) {
            Value origin = origin(split, output, false);
            Node node = split.node(origin);
            Layer layer = node.layer().layer();
            if (!wanted.contains(output) || !layer.isActivation() || !isProbability(layer.outputActivation())) {
                logits.add(null);
                continue;
            }
            boolean inTraining = origin.equals(origin(split, output, true));
            logits.add(new Logits(outputs + values.size(), layer.outputActivation(), inTraining));
            values.add(node.inputs().get(0));
            names.add("logits of " + split.outputNames().get(output));
        }
        graph = split.withOutputs(values, names);
    }

    private Graph split(Graph whole, GraphLayer layer) {
        String name = layer.name() + "/activation";
        layers.put(name, layer.name());
        return whole.withActivationApart(layer, name);
    }

    /** The softmax or sigmoid that an output ends in, if it does, also where Keras does not see it. */
    public static Optional<Ending> ending(Graph flat, int output) {
        GraphLayer layer = flat.node(origin(flat, output, false)).layer();
        return Optional.of(new Ending(layer.name(), layer.layer().lastActivation()))
                .filter(ending -> isProbability(ending.activation()));
    }

    private static boolean isProbability(Activation activation) {
        return activation == Activation.SOFTMAX || activation == Activation.SIGMOID;
    }

    /** The value that an output is, or that layers return as it is. */
    private static Value origin(Graph graph, int output, boolean training) {
        Value value = graph.outputs().get(output);
        while (graph.node(value).layer().layer().returnsInput(training)) {
            value = graph.node(value).inputs().get(0);
        }
        return value;
    }

    /** The graph with its further outputs. */
    public Graph graph() {
        return graph;
    }

    /** The logits of an output, or null. */
    public @Nullable Logits logits(int output) {
        return logits.get(output);
    }

    /** What belonged to the outputs of a layer, by name: an activation that was split off has what its layer had. */
    public <T> Map<String, T> atOutputs(Map<String, T> byLayer) {
        Map<String, T> moved = new HashMap<>(byLayer);
        layers.forEach((activation, layer) -> {
            T of = moved.remove(layer);
            if (of != null) {
                moved.put(activation, of);
            }
        });
        return moved;
    }
}
