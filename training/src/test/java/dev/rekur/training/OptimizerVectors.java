package dev.rekur.training;

import static org.assertj.core.api.Assertions.fail;

import dev.rekur.layer.LayerConfig;
import dev.rekur.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Reads what {@code fixtures/generate/optimizer_vectors.py} wrote, and compares with it. */
public final class OptimizerVectors {
    /** Absolute plus relative. */
    public static final double TOLERANCE = 2e-6;

    private OptimizerVectors() {}

    /** The file next to the class. */
    public static Map<String, Object> read(Class<?> neighbour, String file) {
        try (InputStream stream = neighbour.getResourceAsStream(file)) {
            Objects.requireNonNull(stream, "no " + file + "; see fixtures/generate/optimizer_vectors.py");
            return object(new JsonMapper().readValue(stream, Map.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Stream<Map<String, Object>> cases(Class<?> neighbour, String file) {
        return list(read(neighbour, file).get("cases")).stream().map(OptimizerVectors::object);
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
        return assertAgrees(what, expected, found, 0);
    }

    /** The same with {@code slack} more in absolute terms, which the caller derives. */
    public static double assertAgrees(String what, float[] expected, float[] found, double slack) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double allowed = TOLERANCE * (1 + Math.abs(expected[i])) + slack;
            double distance = Math.abs((double) found[i] - expected[i]) / allowed;
            if (!(distance <= 1)) {
                fail("%s: element %d: expected %s, found %s", what, i, expected[i], found[i]);
            }
            worst = Math.max(worst, distance);
        }
        return worst;
    }
}
