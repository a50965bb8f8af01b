package dev.rekur.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What real Keras decides and prints: files that {@code fixtures/generate/callback_vectors.py} writes. */
public final class KerasVectors {
    private KerasVectors() {}

    /** A file of vectors. */
    public static Map<String, Object> read(String file) {
        try (InputStream stream = KerasVectors.class.getResourceAsStream(file)) {
            Objects.requireNonNull(stream, "no vectors in " + file + "; see fixtures/generate/callback_vectors.py");
            return object(new JsonMapper().readValue(stream, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(@Nullable Object json) {
        return (Map<String, Object>) Objects.requireNonNull(json);
    }

    @SuppressWarnings("unchecked")
    public static List<@Nullable Object> list(@Nullable Object json) {
        return (List<@Nullable Object>) Objects.requireNonNull(json);
    }

    /** A number, or the text of one that JSON lacks. */
    public static double number(@Nullable Object json) {
        return Double.parseDouble(String.valueOf(json));
    }

    /** A double as Python's {@code repr} writes it. */
    public static double python(@Nullable Object json) {
        return switch (String.valueOf(json)) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> number(json);
        };
    }
}
