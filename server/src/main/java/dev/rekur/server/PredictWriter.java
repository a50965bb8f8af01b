package dev.rekur.server;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * Writes predictions in the form of the request: {@code {"predictions": [...]}} for rows, {@code {"outputs": ...}} for
 * columns; output names only where a model has several. Floats that are no numbers are written as Python writes them,
 * {@code NaN} and {@code Infinity}.
 */
final class PredictWriter {
    private PredictWriter() {}

    static byte[] write(PredictRequest request, Signature signature, List<Tensor> outputs) {
        return Json.write(json -> {
            json.writeStartObject();
            if (request.byRow()) {
                json.writeName("predictions");
                writeRows(json, signature, outputs, request.rows());
            } else {
                json.writeName("outputs");
                writeColumns(json, signature, outputs);
            }
            json.writeEndObject();
        });
    }

    private static void writeRows(JsonGenerator json, Signature signature, List<Tensor> outputs, int rows) {
        json.writeStartArray();
        for (int row = 0; row < rows; row++) {
            if (outputs.size() == 1) {
                writeRow(json, outputs.get(0), row);
            } else {
                json.writeStartObject();
                for (int output = 0; output < outputs.size(); output++) {
                    json.writeName(signature.outputs().get(output).name());
                    writeRow(json, outputs.get(output), row);
                }
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    private static void writeColumns(JsonGenerator json, Signature signature, List<Tensor> outputs) {
        if (outputs.size() == 1) {
            write(json, outputs.get(0), 0, 0);
            return;
        }
        json.writeStartObject();
        for (int output = 0; output < outputs.size(); output++) {
            json.writeName(signature.outputs().get(output).name());
            write(json, outputs.get(output), 0, 0);
        }
        json.writeEndObject();
    }

    /** Writes one row of a batch. */
    static void writeRow(JsonGenerator json, Tensor tensor, int row) {
        write(json, tensor, 1, row * tensor.shape().rowSize());
    }

    /** Writes the part of a tensor that begins at a row-major index and spans the dimensions from {@code axis} on. */
    private static int write(JsonGenerator json, Tensor tensor, int axis, int from) {
        Shape shape = tensor.shape();
        if (axis == shape.rank()) {
            writeValue(json, tensor, from);
            return from + 1;
        }
        json.writeStartArray();
        int next = from;
        for (int i = 0; i < shape.dimension(axis); i++) {
            next = write(json, tensor, axis + 1, next);
        }
        json.writeEndArray();
        return next;
    }

    private static void writeValue(JsonGenerator json, Tensor tensor, int index) {
        if (tensor instanceof FloatTensor floats) {
            json.writeNumber(floats.get(index));
        } else if (tensor instanceof IntTensor ints) {
            json.writeNumber(ints.get(index));
        } else if (tensor instanceof TextTensor texts) {
            json.writeString(texts.get(index));
        }
    }
}
