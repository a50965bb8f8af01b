package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads arrays from JSON: a list of rows, or an object of such lists by name, at any depth. Whole numbers make an IntTensor, other
 * numbers a FloatTensor, texts a TextTensor; true and false are 1 and 0. NaN and infinities may stand as Python writes
 * them.
 */
final class JsonTensors {
    private static final int DEEPEST = 32;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(1000)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String source;
    private final JsonParser parser;
    private final int[] extents = new int[DEEPEST];
    private int rank;
    private int size;
    private boolean whole = true;
    private double[] numbers = new double[64];
    private String[] texts = new String[0];

    private JsonTensors(String source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    /**
     * Reads the arrays of a document by name; a list without a name is called {@code ""}.
     *
     * @param source the document's name, for messages
     * @throws InvalidInputException if it is not JSON, or its lists are no arrays
     */
    static Map<String, Tensor> read(byte[] document, String source) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), document)) {
            Map<String, Tensor> arrays = new LinkedHashMap<>();
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                readObject(parser, source, "", arrays);
            } else if (first == JsonToken.START_ARRAY) {
                arrays.put("", new JsonTensors(source, parser).read());
            } else {
                throw new InvalidInputException(
                        source + ": expected a list of rows, or an object of them by input name," + " found "
                                + (first == null ? "nothing" : parser.getString()));
            }
            if (parser.nextToken() != null) {
                throw new InvalidInputException(
                        source + ": something follows the " + (first == JsonToken.START_ARRAY ? "list" : "object"));
            }
            return arrays;
        } catch (JacksonException broken) {
            throw new InvalidInputException(
                    source + ": not JSON: " + reason(broken) + " at line "
                            + broken.getLocation().getLineNr() + ", column "
                            + broken.getLocation().getColumnNr(),
                    broken);
        }
    }

    /** Reads the arrays of an object; those of an object in it are called by their path, {@code outer/inner}. */
    private static void readObject(JsonParser parser, String source, String path, Map<String, Tensor> arrays) {
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            String name = path + key;
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                readObject(parser, source, name + "/", arrays);
                continue;
            }
            Tensor array = new JsonTensors(source + ", array '" + name + "'", parser).read();
            if (arrays.put(name, array) != null) {
                throw new InvalidInputException(source + ": array '" + name + "' is there twice");
            }
        }
    }

    private Tensor read() {
        Arrays.fill(extents, -1);
        rank = -1;
        read(0);
        for (int axis = rank - 1; axis > 0; axis--) {
            extents[axis] = Math.max(0, extents[axis]); // rows of an empty list
        }
        Shape shape = Shape.of(Arrays.copyOf(extents, Math.max(rank, 0)));
        if (texts.length > 0) {
            return TextTensor.wrap(shape, Arrays.copyOf(texts, size));
        }
        if (whole) {
            int[] values = new int[size];
            for (int i = 0; i < size; i++) {
                values[i] = (int) numbers[i];
            }
            return IntTensor.wrap(shape, values);
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) numbers[i];
        }
        return FloatTensor.wrap(shape, values);
    }

    /** Reads the value that the parser stands on; recursion is bounded by the limit on depth. */
    private void read(int depth) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            if (rank >= 0 && rank != depth) {
                throw ragged();
            }
            rank = depth;
            append();
            return;
        }
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            read(depth + 1);
            count++;
        }
        if (rank >= 0 && depth >= rank || extents[depth] >= 0 && extents[depth] != count) {
            throw ragged();
        }
        extents[depth] = count;
        if (count == 0 && rank < 0) {
            rank = depth + 1;
        }
    }

    private void append() {
        JsonToken token = parser.currentToken();
        boolean text = token == JsonToken.VALUE_STRING;
        if (size > 0 && text != texts.length > 0) {
            throw new InvalidInputException(source + ": texts and numbers are mixed" + place());
        }
        if (text) {
            texts = size == texts.length ? Arrays.copyOf(texts, Math.max(16, 2 * size)) : texts;
            texts[size++] = parser.getString();
            return;
        }
        numbers = size == numbers.length ? Arrays.copyOf(numbers, 2 * size) : numbers;
        numbers[size++] = number(token);
    }

    private double number(JsonToken token) {
        switch (token) {
            case VALUE_NUMBER_INT -> {
                double value = parser.getDoubleValue();
                requireFloat((float) value);
                whole &= value == (int) value;
                return value;
            }
            case VALUE_NUMBER_FLOAT -> {
                whole = false;
                // rounded once, from the decimal digits
                float value = parser.getFloatValue();
                if (!parser.isNaN()) {
                    requireFloat(value);
                }
                return value;
            }
            case VALUE_TRUE -> {
                return 1;
            }
            case VALUE_FALSE -> {
                return 0;
            }
            default ->
                throw new InvalidInputException(
                        source + ": expected a number or a text, found " + parser.getString() + place());
        }
    }

    /** A finite number must not become infinite in silence. */
    private void requireFloat(float value) {
        if (Float.isInfinite(value)) {
            String found = parser.getString();
            throw new InvalidInputException(source + ": expected a number in the range of a 32-bit float, found "
                    + (found.length() > 40 ? found.substring(0, 40) + "..." : found) + place());
        }
    }

    private InvalidInputException ragged() {
        return new InvalidInputException(source + ": rows must be equally long and equally deep; one is not" + place());
    }

    private String place() {
        return ", at line " + parser.currentLocation().getLineNr() + ", column "
                + parser.currentLocation().getColumnNr();
    }

    /** What is wrong, without the parser's remarks on where its input came from. */
    private static String reason(JacksonException broken) {
        String reason = String.valueOf(broken.getOriginalMessage());
        int remark = reason.indexOf(" (start marker");
        return remark < 0 ? reason : reason.substring(0, remark);
    }
}
