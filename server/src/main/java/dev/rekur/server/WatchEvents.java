package dev.rekur.server;

import dev.rekur.training.callback.Logs;
import dev.rekur.training.diagnosis.Finding;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/**
 * What a page that watches a training is told, as server-sent events: a name, and one line of JSON. Epochs and batches count
 * from 1. Numbers that are not finite, which JSON does not have, are texts: {@code "NaN"}.
 */
final class WatchEvents {
    private static final String EPOCH = "epoch";
    private static final String EPOCHS = "epochs";

    /** What a page that has just connected, or a new training, begins with: nothing of what was before counts. */
    static final String RESET = event("reset", json -> {});

    private WatchEvents() {}

    /** A training begins. */
    static String run(int epochs) {
        return event("run", json -> json.writeNumberProperty(EPOCHS, epochs));
    }

    /** An epoch is over. */
    static String epoch(int epoch, Logs values) {
        return event(EPOCH, json -> {
            json.writeNumberProperty(EPOCH, epoch + 1);
            values(json, values);
        });
    }

    /** Batches are done; values are running means. */
    static String batch(Progress progress, Logs values) {
        return event("batch", json -> {
            json.writeNumberProperty(EPOCH, progress.epoch() + 1);
            json.writeNumberProperty("batch", progress.batch() + 1);
            json.writeNumberProperty("steps", progress.steps());
            number(json, "stepsPerSecond", progress.stepsPerSecond());
            number(json, "secondsLeft", progress.secondsLeft());
            number(json, "learningRate", progress.learningRate());
            values(json, values);
        });
    }

    /** The diagnosis found something. */
    static String finding(Finding finding) {
        return event("finding", json -> {
            json.writeStringProperty("kind", finding.kind().words());
            json.writeStringProperty("evidence", finding.evidence());
            json.writeStringProperty("advice", finding.advice());
        });
    }

    /** The training is over. */
    static String end(int epochs) {
        return event("end", json -> json.writeNumberProperty(EPOCHS, epochs));
    }

    /**
     * Where a training is; epochs and batches count from 0.
     *
     * @param steps batches of an epoch, 0 if unknown
     * @param secondsLeft NaN if unknown
     */
    record Progress(int epoch, int batch, int steps, double stepsPerSecond, double secondsLeft, double learningRate) {}

    private static void values(JsonGenerator json, Logs values) {
        json.writeObjectPropertyStart("values");
        for (int i = 0; i < values.size(); i++) {
            number(json, values.name(i), values.value(i));
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        } else {
            json.writeStringProperty(name, Double.toString(value));
        }
    }

    /** The generator escapes line ends, so that the data is one line. */
    private static String event(String name, Consumer<JsonGenerator> properties) {
        byte[] data = Json.write(json -> {
            json.writeStartObject();
            properties.accept(json);
            json.writeEndObject();
        });
        return "event: " + name + "\ndata: " + new String(data, StandardCharsets.UTF_8) + "\n\n";
    }
}
