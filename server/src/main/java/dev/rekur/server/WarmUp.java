package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests with examples, from JSON to JSON, before the server says it is ready: so nobody's request pays for
 * plans that are not made and code that is not compiled yet.
 */
final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private WarmUp() {}

    /** Shares {@code budget} among the highest versions of all models. */
    static void run(ModelRepository models, PredictReader reader, Duration budget) {
        List<String> names = models.names();
        for (String name : names) {
            try {
                run(models.latest(name), reader, budget.toNanos() / names.size());
            } catch (ApiException | InvalidInputException unfit) {
                // an example is a guess; what the model says of it concerns nobody
                LOG.debug("model '{}' was not warmed up", name, unfit);
            } catch (RuntimeException failure) {
                // what one model makes of a made-up row is no reason to serve none
                LOG.warn("model '{}' was not warmed up: {}", name, failure.toString());
            }
        }
    }

    private static void run(ServedModel model, PredictReader reader, long nanos) {
        List<Tensor> row = new ArrayList<>();
        for (int input = 0; input < model.signature().inputs().size(); input++) {
            List<Tensor> examples = Examples.of(model, input);
            if (examples.isEmpty()) {
                return;
            }
            row.add(examples.get(0));
        }
        byte[] body = body(model.signature(), row);
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            PredictRequest request = reader.read(body, body.length, model.signature());
            PredictWriter.write(request, model.signature(), model.inference().predict(request.inputs()));
        }
    }

    private static byte[] body(Signature signature, List<Tensor> row) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("instances");
            json.writeStartObject();
            for (int input = 0; input < row.size(); input++) {
                json.writeName(signature.inputs().get(input).name());
                PredictWriter.writeRow(json, row.get(input), 0);
            }
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
