package dev.rekur.server;

import dev.rekur.tensor.Shape;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes what clients ask about models, in the words of TensorFlow Serving and KServe. */
final class Descriptions {
    private Descriptions() {}

    /** KServe's list of models. */
    static void models(JsonGenerator json, List<String> names) {
        json.writeStartObject();
        json.writeArrayPropertyStart("models");
        names.forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
    }

    /** TensorFlow Serving's state of a model's versions, and KServe's name and readiness, in one object. */
    static void status(JsonGenerator json, List<ServedModel> versions) {
        json.writeStartObject();
        json.writeStringProperty("name", versions.get(0).name());
        json.writeBooleanProperty("ready", true);
        json.writeArrayPropertyStart("model_version_status");
        for (int i = versions.size() - 1; i >= 0; i--) { // the highest first, as TensorFlow Serving lists them
            json.writeStartObject();
            json.writeStringProperty("version", Long.toString(versions.get(i).version()));
            json.writeStringProperty("state", "AVAILABLE");
            json.writeObjectPropertyStart("status");
            json.writeStringProperty("error_code", "OK");
            json.writeStringProperty("error_message", "");
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** TensorFlow Serving's metadata of a model. */
    static void metadata(JsonGenerator json, ServedModel model) {
        json.writeStartObject();
        json.writeObjectPropertyStart("model_spec");
        json.writeStringProperty("name", model.name());
        json.writeStringProperty("signature_name", "");
        json.writeStringProperty("version", Long.toString(model.version()));
        json.writeEndObject();
        json.writeObjectPropertyStart("metadata");
        json.writeObjectPropertyStart("signature_def");
        json.writeObjectPropertyStart("signature_def");
        json.writeObjectPropertyStart(Signature.NAME);
        ports(json, "inputs", model.signature().inputs());
        ports(json, "outputs", model.signature().outputs());
        json.writeStringProperty("method_name", "tensorflow/serving/predict");
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void ports(JsonGenerator json, String property, List<Signature.Port> ports) {
        json.writeObjectPropertyStart(property);
        for (Signature.Port port : ports) {
            json.writeObjectPropertyStart(port.name());
            json.writeStringProperty("dtype", port.dtype());
            json.writeObjectPropertyStart("tensor_shape");
            json.writeArrayPropertyStart("dim");
            Shape shape = port.shape();
            for (int axis = 0; axis < shape.rank(); axis++) {
                json.writeStartObject();
                json.writeStringProperty("size", Integer.toString(shape.dimension(axis)));
                json.writeStringProperty("name", "");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeBooleanProperty("unknown_rank", false);
            json.writeEndObject();
            json.writeStringProperty("name", port.name());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Whether the server lives and is ready; with a reason where it is not. */
    static void health(JsonGenerator json, boolean ready, boolean draining) {
        json.writeStartObject();
        json.writeBooleanProperty("live", true);
        json.writeBooleanProperty("ready", ready);
        if (!ready) {
            json.writeStringProperty("error", draining ? "the server is stopping" : "the server is starting");
        }
        json.writeEndObject();
    }
}
