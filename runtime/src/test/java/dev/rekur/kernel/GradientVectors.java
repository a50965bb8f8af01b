package dev.rekur.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What Keras makes of activations' adjoints; written by {@code fixtures/generate/activation_gradients.py}. */
record GradientVectors(List<Case> cases) {
    /**
     * A function on some points.
     *
     * @param features features of a row of x, or 0 if the function is elementwise
     * @param dy gradients of the outputs
     * @param tensorflow gradients of the inputs in float32; null where infinite or NaN
     * @param exact the same in float64, where TensorFlow is not the referee
     */
    record Case(
            Activation function,
            int features,
            float[] x,
            float[] dy,
            @Nullable Double[] tensorflow,
            @Nullable Double[] exact) {
        @Override
        public String toString() {
            return function + (features > 0 ? " of " + features : "");
        }
    }

    static GradientVectors read() {
        try (InputStream file = GradientVectors.class.getResourceAsStream("activation-gradients.json")) {
            Objects.requireNonNull(file, "no vectors; see fixtures/generate/activation_gradients.py");
            Map<?, ?> json = new JsonMapper().readValue(file, Map.class);
            List<Case> cases = new ArrayList<>();
            for (Object element : (List<?>) json.get("cases")) {
                Map<?, ?> c = (Map<?, ?>) element;
                boolean rows = c.containsKey("features");
                cases.add(new Case(
                        Activation.named((String) c.get("name"), (Integer) c.get("keras"))
                                .orElseThrow(),
                        rows ? (Integer) c.get("features") : 0,
                        floats(rows ? c.get("x") : json.get("points")),
                        floats(rows ? c.get("dy") : json.get("gradients")),
                        doubles(c.get("tensorflow")),
                        doubles(c.get("exact"))));
            }
            return new GradientVectors(cases);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] floats(Object json) {
        List<?> numbers = (List<?>) json;
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i) instanceof String infinity
                    ? infinity.startsWith("-") ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY
                    : ((Number) numbers.get(i)).floatValue();
        }
        return values;
    }

    private static @Nullable Double[] doubles(Object json) {
        return ((List<?>) json)
                .stream()
                        .map(v -> v == null ? null : ((Number) v).doubleValue())
                        .toArray(Double[]::new);
    }
}
