package dev.rekur.training;

<<<<<<< HEAD
=======
import static org.assertj.core.api.Assertions.fail;

import dev.rekur.layer.LayerConfig;
import dev.rekur.tensor.Shape;
>>>>>>> work-optimizers
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
<<<<<<< HEAD
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What real Keras decides and prints: files that {@code fixtures/generate/callback_vectors.py} writes. */
public final class KerasVectors {
    private KerasVectors() {}

    /** A file of vectors. */
    public static Map<String, Object> read(String file) {
        try (InputStream stream = KerasVectors.class.getResourceAsStream(file)) {
            Objects.requireNonNull(stream, "no vectors in " + file + "; see fixtures/generate/callback_vectors.py");
=======
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code fixtures/generate/optimizer_vectors.py} wrote, and compares with it. */
public final class KerasVectors {
    /** Absolute plus relative. */
    public static final double TOLERANCE = 2e-6;

    private KerasVectors() {}

    /** The file next to the class. */
    public static Map<String, Object> read(Class<?> neighbour, String file) {
        try (InputStream stream = neighbour.getResourceAsStream(file)) {
            Objects.requireNonNull(stream, "no " + file + "; see fixtures/generate/optimizer_vectors.py");
>>>>>>> work-optimizers
            return object(new JsonMapper().readValue(stream, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

<<<<<<< HEAD
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
=======
    public static Stream<Map<String, Object>> cases(Class<?> neighbour, String file) {
        return list(read(neighbour, file).get("cases")).stream().map(KerasVectors::object);
    }

    public static Map<String, Object> object(Object json) {
        return LayerConfig.asObject((Map<?, ?>) json);
    }

    public static List<?> list(Object json) {
        return (List<?>) json;
    }

    public static float[] floats(Object json) {
        List<?> numbers = list(json);
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((Number) numbers.get(i)).floatValue();
        }
        return values;
    }

    public static Shape shape(Object json) {
        return Shape.of(list(json).stream().mapToInt(Integer.class::cast).toArray());
    }

    /**
     * Each element within {@link #TOLERANCE}.
     *
     * @param found may be longer than expected
     * @return the largest distance, as a part of the tolerance
     */
    public static double assertAgrees(String what, float[] expected, float[] found) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double distance = Math.abs((double) found[i] - expected[i]) / (TOLERANCE * (1 + Math.abs(expected[i])));
            if (!(distance <= 1)) {
                fail("%s: element %d: expected %s, found %s", what, i, expected[i], found[i]);
            }
            worst = Math.max(worst, distance);
        }
        return worst;
>>>>>>> work-optimizers
    }
}
