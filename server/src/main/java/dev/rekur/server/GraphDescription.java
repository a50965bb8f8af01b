package dev.rekur.server;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** Writes a model's graph for the page: nodes with class, shapes and parameters, edges, inputs, outputs, labels. */
final class GraphDescription {
    private final JsonGenerator json;
    private final ServedModel model;
    private final Graph graph;

    private GraphDescription(JsonGenerator json, ServedModel model) {
        this.json = json;
        this.model = model;
        this.graph = model.graph();
    }

    static void write(JsonGenerator json, ServedModel model) {
        new GraphDescription(json, model).write();
    }

    private void write() {
        json.writeStartObject();
        json.writeStringProperty("name", model.name());
        json.writeStringProperty("version", Long.toString(model.version()));
        json.writeStringProperty("graph", graph.name());
        json.writeStringProperty("description", model.labels().description());
        json.writeNumberProperty("layers", graph.layers().size());
        json.writeNumberProperty(
                "parameters",
                graph.layers().stream().mapToLong(GraphDescription::parameters).sum());
        inputs();
        outputs();
        nodes();
        edges();
        json.writeEndObject();
    }

    private void inputs() {
        json.writeArrayPropertyStart("inputs");
        for (int i = 0; i < graph.inputs().size(); i++) {
            Signature.Port port = model.signature().inputs().get(i);
            json.writeStartObject();
            port(port, graph.inputs().get(i));
            json.writeArrayPropertyStart("examples");
            Examples.of(model, i).forEach(example -> PredictWriter.writeRow(json, example, 0));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void outputs() {
        json.writeArrayPropertyStart("outputs");
        for (int i = 0; i < graph.outputs().size(); i++) {
            Signature.Port port = model.signature().outputs().get(i);
            json.writeStartObject();
            port(port, graph.outputs().get(i));
            json.writeArrayPropertyStart("labels");
            model.labels().of(port).forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void port(Signature.Port port, Value value) {
        json.writeStringProperty("name", port.name());
        json.writeStringProperty("kind", port.kind().name().toLowerCase(Locale.ROOT));
        json.writeName("shape");
        shape(port.shape());
        json.writeNumberProperty("node", value.node());
    }

    private void nodes() {
        json.writeArrayPropertyStart("nodes");
        for (int id = 0; id < graph.nodes().size(); id++) {
            Node node = graph.nodes().get(id);
            json.writeStartObject();
            json.writeNumberProperty("id", id);
            json.writeStringProperty("name", node.layer().name());
            json.writeStringProperty("class", node.layer().layer().className());
            json.writeArrayPropertyStart("shapes");
            node.shapes().forEach(this::shape);
            json.writeEndArray();
            json.writeNumberProperty("parameters", parameters(node.layer()));
            json.writeBooleanProperty("trainable", node.layer().trainable());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void edges() {
        json.writeArrayPropertyStart("edges");
        List<Node> nodes = graph.nodes();
        for (int id = 0; id < nodes.size(); id++) {
            for (Value input : nodes.get(id).inputs()) {
                edge(input, id, false);
            }
            Value mask = nodes.get(id).mask();
            if (mask != null) {
                edge(mask, id, true);
            }
        }
        json.writeEndArray();
    }

    private void edge(Value from, int to, boolean mask) {
        json.writeStartObject();
        json.writeNumberProperty("from", from.node());
        json.writeNumberProperty("output", from.output());
        json.writeNumberProperty("to", to);
        json.writeBooleanProperty("mask", mask);
        json.writeEndObject();
    }

    /** Unknown dimensions as null. */
    private void shape(Shape shape) {
        json.writeStartArray();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (shape.dimension(axis) == Shape.UNKNOWN) {
                json.writeNull();
            } else {
                json.writeNumber(shape.dimension(axis));
            }
        }
        json.writeEndArray();
    }

    private static long parameters(GraphLayer layer) {
        long sum = 0;
        for (WeightSpec weight : layer.weights()) {
            sum += weight.shape().size();
        }
        return sum;
    }
}
