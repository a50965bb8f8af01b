package dev.rekur.server;

import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Reads the body of a predict request, straight from its bytes into the arrays of tensors.
 *
 * <p>TensorFlow Serving's forms ({@code tensorflow_serving/g3doc/api_rest.md}): rows, {@code {"instances": [...]}}, each
 * a bare value where the model has one input and an object by input name where it has several; or columns, {@code
 * {"inputs": ...}}, the batch of the one input or an object of them by name.
 */
final class PredictReader {
    private static final String INSTANCES = "instances";
    private static final String INPUTS = "inputs";

    private final Json json;
    private final int maxRows;
    private final int maxElementsPerRow;

    /**
     * @param bodyLimit bytes
     * @param maxRows rows that one request may have
     * @param maxElementsPerRow elements, or characters of texts, that a row may have where the model leaves it open
     */
    PredictReader(int bodyLimit, int maxRows, int maxElementsPerRow) {
        this.json = new Json(bodyLimit);
        this.maxRows = maxRows;
        this.maxElementsPerRow = maxElementsPerRow;
    }

    /**
     * Reads a body.
     *
     * @throws ApiException with 400 if it is not JSON or does not fit the model
     */
    PredictRequest read(byte[] body, int length, Signature signature) {
        try (JsonParser parser = json.parser(body, length)) {
            return new Reading(parser, signature, maxRows, maxElementsPerRow).read();
        } catch (StreamConstraintsException tooMuch) {
            throw ApiException.badRequest("the JSON exceeds a limit: " + limitOf(tooMuch));
        } catch (JacksonException malformed) {
            TokenStreamLocation at = malformed.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw ApiException.badRequest("malformed JSON" + place + ": " + Brief.ofSentence(reason(malformed)));
        }
    }

    private static String limitOf(StreamConstraintsException tooMuch) {
        String message = String.valueOf(tooMuch.getOriginalMessage());
        if (message.contains("nesting depth")) {
            return "it is nested deeper than " + Json.MAX_DEPTH + " levels";
        }
        int javaNames = message.indexOf(", from `");
        return javaNames < 0 ? message : message.substring(0, javaNames) + ")";
    }

    /** The reading of one body. */
    private static final class Reading {
        private final JsonParser json;
        private final Signature signature;
        private final int maxRows;
        private final int maxElementsPerRow;
        private ArrayReader[] columns = {};

        Reading(JsonParser json, Signature signature, int maxRows, int maxElementsPerRow) {
            this.json = json;
            this.signature = signature;
            this.maxRows = maxRows;
            this.maxElementsPerRow = maxElementsPerRow;
        }

        PredictRequest read() {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw ApiException.badRequest("expected a JSON object with \"instances\" or \"inputs\", found "
                        + (json.currentToken() == null ? "an empty body" : "something else"));
            }
            String form = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                json.nextToken();
                switch (key) {
                    case INSTANCES, INPUTS -> {
                        if (form != null) {
                            throw ApiException.badRequest("expected either \"instances\" or \"inputs\", found both");
                        }
                        form = key;
                        readForm(key);
                    }
                    case "signature_name" -> readSignatureName();
                    // other protocols put more into the same object; TensorFlow Serving passes over it too
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                throw ApiException.badRequest("malformed JSON: something follows the end of the request's object");
            }
            if (form == null) {
                throw ApiException.badRequest("expected \"instances\" (rows) or \"inputs\" (columns) in the request");
            }
            return new PredictRequest(form.equals(INSTANCES), tensors());
        }

        private void readForm(String key) {
            columns = new ArrayReader[signature.inputs().size()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = ArrayReader.of(signature.inputs().get(i), key, maxElementsPerRow);
            }
            if (key.equals(INSTANCES)) {
                readInstances();
            } else {
                readInputs();
            }
        }

        private void readSignatureName() {
            boolean known = json.currentToken() == JsonToken.VALUE_STRING
                    && (json.getString().isEmpty() || json.getString().equals(Signature.NAME));
            if (!known) {
                throw ApiException.badRequest("expected signature_name \"" + Signature.NAME + "\", found "
                        + Brief.of(String.valueOf(json.getString())));
            }
        }

        private void readInstances() {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw ApiException.badRequest("expected \"instances\" to be a list of rows");
            }
            int row = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (row == maxRows) {
                    throw ApiException.badRequest(
                            "expected at most " + maxRows + " rows in a request, found more; send several requests");
                }
                if (json.currentToken() == JsonToken.START_OBJECT) {
                    readObjectRow(row);
                } else if (columns.length == 1) {
                    columns[0].readRow(json, row);
                } else {
                    throw ApiException.badRequest("expected instances[" + row + "] to be an object with the inputs "
                            + signature.inputNames());
                }
                row++;
            }
            if (row == 0) {
                throw ApiException.badRequest("\"instances\" is empty; expected at least one row");
            }
        }

        private void readObjectRow(int row) {
            boolean[] seen = new boolean[columns.length];
            boolean first = true;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                int index = signature.indexOfInput(name);
                if (index < 0 && first && isBase64(name)) {
                    columns[0].readBase64Row(json, row);
                    return;
                }
                if (index < 0) {
                    throw unknownInput(name, "instances[" + row + "]");
                }
                first = false;
                requireNew(seen, index, "instances[" + row + "]");
                json.nextToken();
                columns[index].readRow(json, row);
            }
            requireAll(seen, "instances[" + row + "]");
        }

        private boolean isBase64(String name) {
            return columns.length == 1
                    && signature.inputs().get(0).kind() == ValueKind.TEXT
                    && name.equals(Base64Text.KEY);
        }

        private void readInputs() {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                if (columns.length > 1) {
                    throw ApiException.badRequest(
                            "expected \"inputs\" to be an object with the inputs " + signature.inputNames());
                }
                columns[0].readAll(json);
                return;
            }
            boolean[] seen = new boolean[columns.length];
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                int index = signature.indexOfInput(name);
                if (index < 0) {
                    throw unknownInput(name, INPUTS);
                }
                requireNew(seen, index, INPUTS);
                json.nextToken();
                columns[index].readAll(json);
            }
            requireAll(seen, INPUTS);
        }

        private ApiException unknownInput(String name, String place) {
            return ApiException.badRequest(place + ": the model has no input '" + Brief.of(name) + "'; its inputs are "
                    + signature.inputNames());
        }

        /** An input may be named by its key and by its layer, but once. */
        private void requireNew(boolean[] seen, int index, String place) {
            if (seen[index]) {
                throw ApiException.badRequest(
                        place + ": input '" + signature.inputs().get(index).name() + "' is given twice");
            }
            seen[index] = true;
        }

        private void requireAll(boolean[] seen, String place) {
            for (int i = 0; i < seen.length; i++) {
                if (!seen[i]) {
                    throw ApiException.badRequest(
                            place + ": input '" + signature.inputs().get(i).name()
                                    + "' is missing; the model's inputs are " + signature.inputNames());
                }
            }
        }

        private List<Tensor> tensors() {
            Tensor[] tensors = new Tensor[columns.length];
            for (int i = 0; i < tensors.length; i++) {
                tensors[i] = columns[i].tensor();
                int rows = tensors[i].shape().dimension(0);
                int expected = tensors[0].shape().dimension(0);
                if (rows != expected) {
                    throw ApiException.badRequest("inputs must have as many rows as one another; '"
                            + signature.inputs().get(0).name() + "' has " + expected + ", '"
                            + signature.inputs().get(i).name() + "' has " + rows);
                }
                if (rows > maxRows) {
                    throw ApiException.badRequest("expected at most " + maxRows + " rows in a request, found " + rows
                            + "; send several requests");
                }
            }
            return Arrays.asList(tensors);
        }
    }

    /** What is wrong, without the parser's remarks on where its input came from. */
    private static String reason(JacksonException malformed) {
        String reason = String.valueOf(malformed.getOriginalMessage());
        int remark = reason.indexOf(" (start marker");
        return remark < 0 ? reason : reason.substring(0, remark);
    }
}
