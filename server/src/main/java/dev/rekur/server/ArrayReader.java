package dev.rekur.server;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads nested JSON arrays into one flat array, and finds their shape on the way: each level must be as long wherever it
 * occurs, and values must all lie equally deep. Grows a single array; a request whose shape the model fixes is read
 * without copying.
 */
abstract class ArrayReader {
    private static final int UNSET = -1;

    private final Signature.Port port;
    private final String place;
    /** What one row may hold: elements, or characters of texts. */
    private final long rowLimit;

    private final int[] extents = new int[Json.MAX_DEPTH + 1];
    private final int[] position = new int[Json.MAX_DEPTH + 1];
    private int depthOfValues = UNSET;
    int size;

    private ArrayReader(Signature.Port port, String place, int maxElementsPerRow) {
        this.port = port;
        this.place = place;
        this.rowLimit = rowLimit(port, maxElementsPerRow);
        Arrays.fill(extents, UNSET);
    }

    /**
     * A reader for an input.
     *
     * @param place the name of what is read, for messages: {@code instances} or {@code inputs}
     * @param maxElementsPerRow elements of one row, or characters of its texts, where the model leaves it open
     */
    static ArrayReader of(Signature.Port port, String place, int maxElementsPerRow) {
        return switch (port.kind()) {
            case FLOAT -> new Floats(port, place, maxElementsPerRow);
            case INT, FLAG -> new Ints(port, place, maxElementsPerRow);
            case TEXT -> new Texts(port, place, maxElementsPerRow);
        };
    }

    /** Reads the value that the parser stands on, the input's whole batch. */
    final void readAll(JsonParser json) {
        read(json, 0);
    }

    /** Reads the value that the parser stands on, one row of the batch. */
    final void readRow(JsonParser json, int row) {
        position[0] = row;
        long before = amount();
        read(json, 1);
        requireWithinLimit(amount() - before);
        extents[0] = row + 1;
    }

    /** Reads a row that is one text in base64, whose object's first key the parser stands on. */
    final void readBase64Row(JsonParser json, int row) {
        position[0] = row;
        beginValue(1);
        long before = amount();
        appendText(Base64Text.readFromKey(json, this));
        requireWithinLimit(amount() - before);
        extents[0] = row + 1;
    }

    /** The tensor, once all rows are read. */
    final Tensor tensor() {
        int rank = 0;
        while (rank < extents.length && extents[rank] != UNSET) {
            rank++;
        }
        int[] found = Arrays.copyOf(extents, rank);
        Shape shape = adjustRank(found, size, port.shape());
        boolean fits = shape.rank() > 0 && shape.isCompatibleWith(port.shape());
        if (!fits) {
            throw ApiException.badRequest("input '" + port.name() + "': expected shape " + port.shape() + ", that is "
                    + (port.shape().rank() == 1 ? "one value" : "rows of shape " + rowOf(port.shape())) + ", found "
                    + Shape.of(found));
        }
        if (size == 0) {
            throw ApiException.badRequest("input '" + port.name() + "': expected at least one value in each row, found"
                    + " an array of shape " + Shape.of(found));
        }
        return wrap(shape);
    }

    /** The batch; valid once the first value is read. */
    final int rows() {
        return Math.max(extents[0], 0);
    }

    /** How much was read so far, in what {@link #rowLimit} counts. */
    long amount() {
        return size;
    }

    /** What {@link #amount} counts. */
    String unit() {
        return "elements";
    }

    private void requireWithinLimit(long found) {
        if (found > rowLimit) {
            throw ApiException.badRequest("input '" + port.name() + "': expected at most " + rowLimit + " " + unit()
                    + " in a row, found " + found + " in " + placeAt(1));
        }
    }

    /** A row whose length the model fixes is never too long. */
    private static long rowLimit(Signature.Port port, int maxElementsPerRow) {
        long fixed = 1;
        for (int axis = 1; axis < port.shape().rank(); axis++) {
            fixed *= Math.max(0, port.shape().dimension(axis)); // 0 where an extent is open
        }
        return Math.max(fixed, maxElementsPerRow);
    }

    /** Makes the value that the parser stands on the next element. */
    abstract void append(JsonParser json);

    /** Makes a text the next element; only for inputs of texts. */
    void appendText(String text) {
        throw new IllegalStateException("input '" + port.name() + "' holds no texts");
    }

    abstract Tensor wrap(Shape shape);

    private void read(JsonParser json, int depth) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            beginValue(depth);
            append(json);
            return;
        }
        if (depthOfValues != UNSET && depth >= depthOfValues) {
            throw ragged(depth, "an array", "a value");
        }
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            position[depth] = count++;
            long before = amount();
            read(json, depth + 1);
            if (depth == 0) {
                requireWithinLimit(amount() - before);
            }
        }
        if (extents[depth] == UNSET) {
            extents[depth] = count;
        } else if (extents[depth] != count) {
            throw ragged(depth, count + (count == 1 ? " element" : " elements"), String.valueOf(extents[depth]));
        }
    }

    private void beginValue(int depth) {
        if (depthOfValues != depth) {
            if (depthOfValues != UNSET || extents[depth] != UNSET) {
                throw ragged(depth, "a value", "an array");
            }
            depthOfValues = depth;
        }
    }

    /**
     * Keras's rule for inputs: a last dimension of 1 may be left out, or be there although the model has none. So a text
     * may stand alone where the model's input has shape [None, 1].
     */
    private static Shape adjustRank(int[] found, int size, Shape expected) {
        int rank = expected.rank();
        if (found.length == rank - 1 && expected.last() == 1) {
            int[] wider = Arrays.copyOf(found, rank);
            wider[rank - 1] = 1;
            return Shape.of(wider);
        }
        if (found.length == rank + 1 && found[rank] == 1 && size > 0) {
            return Shape.of(Arrays.copyOf(found, rank));
        }
        return Shape.of(found);
    }

    private static Shape rowOf(Shape shape) {
        return Shape.of(Arrays.copyOfRange(shape.dimensions(), 1, shape.rank()));
    }

    private ApiException ragged(int depth, String found, String before) {
        return ApiException.badRequest("input '" + port.name() + "': " + placeAt(depth) + " is " + found + " where "
                + before + " stood before; rows must have the same shape");
    }

    /** An error about the element just read. */
    final ApiException unfit(JsonParser json, String expected) {
        int depth = depthOfValues == UNSET ? 0 : depthOfValues;
        String found = json.currentToken() == JsonToken.START_OBJECT ? "an object" : describe(json);
        return ApiException.badRequest(
                "input '" + port.name() + "': expected " + expected + " at " + placeAt(depth) + ", found " + found);
    }

    private static String describe(JsonParser json) {
        String text = Brief.of(String.valueOf(json.getString()));
        return json.currentToken() == JsonToken.VALUE_STRING ? "the text '" + text + "'" : text;
    }

    private String placeAt(int depth) {
        StringBuilder text = new StringBuilder(place);
        for (int d = 0; d < depth; d++) {
            text.append('[').append(position[d]).append(']');
        }
        return text.toString();
    }

    /** Room for the first row if the model says how long a row is. */
    private static int capacity(Signature.Port port) {
        Shape row = port.shape().rank() == 0 ? port.shape() : port.shape().withBatch(1);
        return row.isKnown() ? Math.max(1, Math.min(row.size(), 1 << 16)) : 64;
    }

    private static final class Floats extends ArrayReader {
        private float[] values;

        Floats(Signature.Port port, String place, int maxElementsPerRow) {
            super(port, place, maxElementsPerRow);
            values = new float[capacity(port)];
        }

        @Override
        void append(JsonParser json) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value(json);
        }

        private float value(JsonParser json) {
            switch (json.currentToken()) {
                case VALUE_NUMBER_FLOAT, VALUE_NUMBER_INT -> {
                    float value = json.getFloatValue();
                    if (Float.isInfinite(value) && !json.isNaN()) {
                        throw unfit(json, "a 32-bit float"); // a finite number must not become infinite in silence
                    }
                    return value;
                }
                case VALUE_TRUE -> {
                    return 1;
                }
                case VALUE_FALSE -> {
                    return 0;
                }
                default -> throw unfit(json, "a number");
            }
        }

        @Override
        Tensor wrap(Shape shape) {
            return FloatTensor.wrap(shape, values.length == size ? values : Arrays.copyOf(values, size));
        }
    }

    private static final class Ints extends ArrayReader {
        private int[] values;

        Ints(Signature.Port port, String place, int maxElementsPerRow) {
            super(port, place, maxElementsPerRow);
            values = new int[capacity(port)];
        }

        @Override
        void append(JsonParser json) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value(json);
        }

        private int value(JsonParser json) {
            switch (json.currentToken()) {
                case VALUE_NUMBER_INT -> {
                    return switch (json.getNumberType()) {
                        case INT -> json.getIntValue();
                        default -> throw unfit(json, "a 32-bit integer");
                    };
                }
                case VALUE_NUMBER_FLOAT -> {
                    double value = json.getDoubleValue();
                    if (value != (int) value) {
                        throw unfit(json, "a 32-bit integer");
                    }
                    return (int) value;
                }
                case VALUE_TRUE -> {
                    return 1;
                }
                case VALUE_FALSE -> {
                    return 0;
                }
                default -> throw unfit(json, "a whole number");
            }
        }

        @Override
        Tensor wrap(Shape shape) {
            return IntTensor.wrap(shape, values.length == size ? values : Arrays.copyOf(values, size));
        }
    }

    private static final class Texts extends ArrayReader {
        private String[] values;
        private long characters;

        Texts(Signature.Port port, String place, int maxElementsPerRow) {
            super(port, place, maxElementsPerRow);
            values = new String[1];
        }

        @Override
        void append(JsonParser json) {
            if (json.currentToken() == JsonToken.START_OBJECT) {
                appendText(Base64Text.read(json, this));
            } else if (json.currentToken() == JsonToken.VALUE_STRING) {
                appendText(json.getString());
            } else {
                throw unfit(json, "a text");
            }
        }

        @Override
        void appendText(String text) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = text;
            characters += Math.max(1, text.length());
        }

        @Override
        long amount() {
            return characters;
        }

        @Override
        String unit() {
            return "characters";
        }

        @Override
        Tensor wrap(Shape shape) {
            return TextTensor.wrap(shape, values.length == size ? values : Arrays.copyOf(values, size));
        }
    }
}
