package dev.rekur.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekur.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Cases that real Keras computed; written by {@code fixtures/generate/*_vectors.py}. */
public record TrainingVectors(Map<String, Object> json) {
    /** The cases of a file below this package's resources. */
    public static List<TrainingVectors> of(String file) {
        try (InputStream stream = TrainingVectors.class.getResourceAsStream(file)) {
            Objects.requireNonNull(stream, "no vectors " + file + "; see fixtures/generate");
            List<?> cases = new JsonMapper().readValue(stream, List.class);
            return cases.stream()
                    .map(element -> new TrainingVectors(asMap(element)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean has(String key) {
        return json.get(key) != null;
    }

    public Object get(String key) {
        return Objects.requireNonNull(json.get(key), key);
    }

    public double number(String key) {
        return ((Number) get(key)).doubleValue();
    }

    public Shape shape(String key) {
        return Shape.of(((List<?>) get(key))
                .stream().mapToInt(extent -> ((Number) extent).intValue()).toArray());
    }

    public float[] floats(String key) {
        List<?> list = (List<?>) get(key);
        float[] values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((Number) list.get(i)).floatValue();
        }
        return values;
    }

    public float @Nullable [] floatsOrNull(String key) {
        return has(key) ? floats(key) : null;
    }

    public boolean @Nullable [] flagsOrNull(String key) {
        float[] floats = floatsOrNull(key);
        if (floats == null) {
            return null;
        }
        boolean[] flags = new boolean[floats.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = floats[i] != 0;
        }
        return flags;
    }

    public List<TrainingVectors> parts(String key) {
        return ((List<?>) get(key))
                .stream().map(element -> new TrainingVectors(asMap(element))).toList();
    }

    /** Asserts {@code |got - want| <= tolerance (1 + |want|)} for each element. */
    public static void assertClose(String what, float[] got, float[] want, double tolerance) {
        assertThat(got.length).as(what).isGreaterThanOrEqualTo(want.length);
        for (int i = 0; i < want.length; i++) {
            assertThat(Math.abs(got[i] - want[i]) <= tolerance * (1 + Math.abs(want[i])))
                    .as("%s, element %d: got %s, want %s", what, i, got[i], want[i])
                    .isTrue();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(Object element) {
        return (Map<String, Object>) element;
    }

    @Override
    public String toString() {
        return String.valueOf(json.get("name"));
    }
}
