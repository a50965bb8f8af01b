package dev.rekur.format.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads JSON into {@link Map}, {@link List}, String, Long, Double, Boolean and null; maps and lists cannot be changed.
 * Accepts the NaN and Infinity that
 * Python writes; limits depth, size and the lengths of numbers; refuses keys that come twice. Only the streaming half of
 * Jackson is used: data binding costs more time than loading a small model does.
 */
public final class JsonReader {
    private static final int DEPTH_LIMIT = 64;
    private static final int DOCUMENT_LIMIT = 256 << 20;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_LIMIT)
                    .maxDocumentLength(DOCUMENT_LIMIT)
                    .maxStringLength(DOCUMENT_LIMIT)
                    .maxNumberLength(100)
                    .maxNameLength(10_000)
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // names of the file's own making would otherwise stay in memory for good
            .disable(tools.jackson.core.TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
            .build();

    private JsonReader() {}

    /**
     * Reads one JSON object.
     *
     * @param failure makes the exception for what is no such object, from what is wrong
     */
    public static Map<String, Object> readObject(
            byte[] bytes, int offset, int length, Function<String, RuntimeException> failure) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
            return object(parser, failure);
        } catch (JacksonException broken) {
            throw failure.apply(describe(broken));
        }
    }

    /** Like {@link #readObject(byte[], int, int, Function)}. */
    public static Map<String, Object> readObject(String text, Function<String, RuntimeException> failure) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return object(parser, failure);
        } catch (JacksonException broken) {
            throw failure.apply(describe(broken));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(JsonParser parser, Function<String, RuntimeException> failure) {
        JsonToken first = parser.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw failure.apply("expected a JSON object, found "
                    + (first == null ? "an empty document" : "'" + parser.getString() + "'"));
        }
        Object tree = value(parser, first);
        if (parser.nextToken() != null) {
            throw failure.apply("something follows the JSON object");
        }
        return (Map<String, Object>) java.util.Objects.requireNonNull(tree);
    }

    /** Recursion is bounded by the limit on depth. */
    private static @Nullable Object value(JsonParser parser, JsonToken token) {
        switch (token) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    object.put(name, value(parser, parser.nextToken()));
                }
                return Collections.unmodifiableMap(object);
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    array.add(value(parser, next));
                }
                return Collections.unmodifiableList(array);
            }
            case VALUE_STRING -> {
                return parser.getString();
            }
            case VALUE_NUMBER_INT -> {
                return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? (Object) parser.getDoubleValue()
                        : (Object) parser.getLongValue();
            }
            case VALUE_NUMBER_FLOAT -> {
                return parser.getDoubleValue();
            }
            case VALUE_TRUE -> {
                return true;
            }
            case VALUE_FALSE -> {
                return false;
            }
            default -> {
                return null;
            }
        }
    }

    private static String describe(JacksonException broken) {
        TokenStreamLocation location = broken.getLocation();
        String where = location == null || location.getLineNr() < 0
                ? ""
                : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        return "not the JSON that was expected" + where + ": " + broken.getOriginalMessage();
    }
}
