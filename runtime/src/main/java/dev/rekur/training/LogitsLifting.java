package dev.rekur.training;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.training.loss.Loss;
import org.jspecify.annotations.Nullable;

/**
 * Takes the last activation off a model whose loss had better be computed of logits: softmax before a categorical crossentropy,
 * sigmoid before a binary one. So does Keras on TensorFlow ({@code _get_logits} in {@code
 * keras/src/backend/tensorflow/nn.py}); losses then neither clip nor lose probabilities near 0.
 */
final class LogitsLifting {
    private LogitsLifting() {}

    /** The activation that can be taken off before an output, or null. */
    static @Nullable Activation activation(Graph graph, int output, Loss loss) {
        Value value = graph.outputs().get(output);
        Node node = graph.node(value);
        Activation activation = node.layer().layer().outputActivation();
        boolean onlyThere =
                graph.nodes().stream().noneMatch(other -> other.inputs().contains(value))
                        && graph.outputs().stream().filter(value::equals).count() == 1
                        && graph.nodes().stream()
                                        .filter(other -> other.layer().equals(node.layer()))
                                        .count()
                                == 1;
        boolean wanted = activation != Activation.LINEAR
                && loss.logitsActivation().filter(activation::equals).isPresent();
        return wanted && onlyThere ? activation : null;
    }

    /** The graph that ends before the activation of an output. */
    static Graph lift(Graph graph, int output) {
        Node node = graph.node(graph.outputs().get(output));
        Layer linear = node.layer().layer().withLinearOutput();
        return graph.withLayer(node.layer().name(), linear);
    }
}
