package dev.rekur.layer.text;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.TextLayer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What real Keras computes: {@code vectors.json}, which {@code fixtures/generate/text_vectors.py} writes. */
record TextVectors(Map<String, Object> texts, Map<String, Object> hashes, List<Vector> refused, List<Vector> cases) {

    /** A layer's configuration and, unless Keras refuses it, what it makes of texts. */
    record Vector(
            String layer,
            Map<String, Object> config,
            String keras,
            String texts,
            List<Integer> shape,
            String type,
            List<List<Number>> rows) {
        @Override
        public String toString() {
            String configuration = config.toString();
            return layer + " on " + texts + " " + configuration.substring(0, Math.min(300, configuration.length()));
        }

        /** Fails if the configuration has problems. */
        TextLayer room() {
            List<Problem> problems = new ArrayList<>();
            TextLayer room = room(problems);
            if (!problems.isEmpty()) {
                throw new AssertionError(this + ": " + problems);
            }
            return room;
        }

        TextLayer room(List<Problem> problems) {
            return TextVectors.room(layer, config, problems);
        }

        /** What Keras computed. */
        Tensor expected() {
            Shape dimensions =
                    Shape.of(shape.stream().mapToInt(Integer::intValue).toArray());
            boolean ints = room().outputKind(0, List.of()) == ValueKind.INT;
            int[] whole = new int[dimensions.size()];
            float[] floats = new float[whole.length];
            for (int b = 0; b < rows.size(); b++) {
                // a one-dimensional output has rows of one element
                int perRow = whole.length / rows.size();
                for (int t = 0; t < rows.get(b).size(); t++) {
                    whole[b * perRow + t] = rows.get(b).get(t).intValue();
                    floats[b * perRow + t] = rows.get(b).get(t).floatValue();
                }
            }
            return ints ? IntTensor.wrap(dimensions, whole) : FloatTensor.wrap(dimensions, floats);
        }
    }

    static TextVectors read() {
        try (InputStream json = TextVectors.class.getResourceAsStream("vectors.json")) {
            return JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .readValue(json, TextVectors.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TextLayer room(String className, Map<String, Object> config, List<Problem> problems) {
        LayerConfig.Origin origin = new LayerConfig.Origin(StandardLayers.registry(), KerasVersion.NEWEST, problems);
        Map<String, Object> object = Map.of("class_name", className, "config", config);
        return (TextLayer) StandardLayers.registry()
                .read("layer 'text' (" + className + ")", "$.config.layers[1]", object, origin)
                .orElseThrow()
                .layer();
    }

    TextTensor tensor(String name) {
        List<String> flat = new ArrayList<>();
        List<Integer> dimensions = new ArrayList<>();
        flatten(texts.get(name), 0, dimensions, flat);
        return TextTensor.wrap(
                Shape.of(dimensions.stream().mapToInt(Integer::intValue).toArray()), flat.toArray(String[]::new));
    }

    private static void flatten(Object value, int depth, List<Integer> dimensions, List<String> flat) {
        if (value instanceof String text) {
            flat.add(text);
            return;
        }
        List<?> list = (List<?>) value;
        if (dimensions.size() == depth) {
            dimensions.add(list.size());
        }
        list.forEach(element -> flatten(element, depth + 1, dimensions, flat));
    }
}
