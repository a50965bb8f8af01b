package dev.rekur.cli;

import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.inference.Predictor;
import dev.rekur.inference.Session;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** Feeds a model in batches, one after another, in one session: layers that keep state keep it over all of them. */
final class Batches {
    private final Session session;
    private final int batchSize;

    /**
     * Batches for a model.
     *
     * @param batchSize rows in a batch, unless the model keeps state: then the file says how many
     */
    Batches(Predictor predictor, Model model, int batchSize) {
        this.session = predictor.session();
        int fixed = fixedBatch(model);
        this.batchSize = isStateful(model) && fixed > 0 ? fixed : batchSize;
    }

    /**
     * Predicts.
     *
     * @param progress is told the number of rows done
     */
    List<Tensor> predict(List<Tensor> inputs, IntConsumer progress) {
        int rows = Rows.count(inputs);
        boolean equal = inputs.stream().allMatch(input -> Rows.count(List.of(input)) == rows);
        if (rows <= batchSize || !equal) {
            return session.predict(inputs);
        }
        List<List<Tensor>> parts = new ArrayList<>();
        for (int from = 0; from < rows; from += batchSize) {
            int first = from;
            int count = Math.min(batchSize, rows - from);
            List<Tensor> batch = inputs.stream()
                    .map(input -> Rows.slice(input, first, count))
                    .toList();
            parts.add(session.predict(batch));
            progress.accept(from + count);
        }
        List<Tensor> outputs = new ArrayList<>();
        for (int i = 0; i < parts.get(0).size(); i++) {
            int output = i;
            outputs.add(Rows.join(parts.stream().map(part -> part.get(output)).toList()));
        }
        return outputs;
    }

    private static int fixedBatch(Model model) {
        int fixed = 0;
        for (Value input : model.graph().inputs()) {
            if (model.graph().node(input).layer().layer() instanceof InputLayer layer
                    && layer.shape().rank() > 0) {
                fixed = Math.max(fixed, layer.shape().dimension(0));
            }
        }
        return fixed;
    }

    private static boolean isStateful(Model model) {
        return model.graph().layers().stream().map(GraphLayer::config).anyMatch(Batches::isStateful);
    }

    /** True if a layer, or one that it wraps, says so. */
    private static boolean isStateful(Map<?, ?> config) {
        return Boolean.TRUE.equals(config.get("stateful"))
                || config.values().stream().anyMatch(value -> value instanceof Map<?, ?> inner && isStateful(inner));
    }
}
