package dev.rekur.server;

import dev.rekur.InvalidInputException;
import dev.rekur.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs models on examples before the server says it is ready, so that nobody's request pays for the first compilation. */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /** Shares {@code budget} among the highest versions of all models. */
    static void run(ModelRepository models, Duration budget) {
        List<String> names = models.names();
        for (String name : names) {
            run(models.latest(name), budget.toNanos() / names.size());
        }
    }

    private static void run(ServedModel model, long nanos) {
        List<Tensor> row = new ArrayList<>();
        for (int input = 0; input < model.signature().inputs().size(); input++) {
            List<Tensor> examples = Examples.of(model, input);
            if (examples.isEmpty()) {
                return;
            }
            row.add(examples.get(0));
        }
        long start = System.nanoTime();
        try {
            while (System.nanoTime() - start < nanos) {
                model.inference().predict(row);
            }
        } catch (InvalidInputException unfit) {
            // an example is a guess; what the model says of it concerns nobody
            LOG.debug("model '{}' was not warmed up", model.name(), unfit);
        }
    }
}
