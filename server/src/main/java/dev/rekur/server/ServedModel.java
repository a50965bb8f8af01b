package dev.rekur.server;

import dev.rekur.graph.Graph;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.util.List;

/**
 * One version of one model, ready to answer.
 *
 * @param labels class names and examples that lie beside the model; may be empty
 */
record ServedModel(String name, long version, Graph graph, Signature signature, Inference inference, Labels labels) {
    /** What computes; thread-safe. */
    @FunctionalInterface
    interface Inference {
        /** Outputs in the model's order, for inputs in the model's order. */
        List<Tensor> predict(List<Tensor> inputs);
    }

    static ServedModel of(String name, long version, Model model, Labels labels) {
        // asking for the predictor now prepares the weights before the server says it is ready
        model.predictor();
        Graph graph = model.graph();
        return new ServedModel(name, version, graph, Signature.of(graph), model::predict, labels);
    }
}
