package dev.rekur.cli;

import dev.rekur.inference.Predictor;
import dev.rekur.inference.Session;
import dev.rekur.model.Model;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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
        int fixed = model.graph().fixedBatch();
        this.batchSize = model.graph().isStateful() && fixed > 0 ? fixed : batchSize;
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
}
