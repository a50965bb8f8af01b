package dev.rekur.layer;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Keras makes of one class of layers; written by {@code fixtures/generate/layer_contract.py}.
 *
 * @param className Keras's name
 * @param minimal the smallest configuration
 * @param defaults the same with everything spelled out
 */
public record ContractVectors(
        String className, Map<String, Object> minimal, Map<String, Object> defaults, List<Case> cases) {
    /**
     * A layer, what it is fed and what it puts out.
     *
     * @param layer as Keras serializes it
     * @param inputShapes with everything unknown that the layer can do without
     * @param weights by path, in Keras's order
     * @param masks one for each input that a mask may go with, or null
     * @param outputMasks one for each output, or null
     */
    public record Case(
            String name,
            Map<String, Object> layer,
            List<Shape> inputShapes,
            List<Shape> outputShapes,
            List<WeightSpec> specs,
            Map<String, FloatTensor> weights,
            int parameters,
            List<Value> inputs,
            List<@Nullable Value> masks,
            List<Value> outputs,
            List<@Nullable Value> outputMasks) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * A tensor and its kind; flags are integers 0 and 1.
     *
     * @param kind FLOAT, INT or FLAG
     */
    public record Value(ValueKind kind, Tensor tensor) {}

    /** Whether vectors are there. */
    public static boolean exist(String className) {
        return ContractVectors.class.getResource("contract/" + className + ".json") != null;
    }

    /** The vectors of a class. */
    static ContractVectors of(String className) {
        try (InputStream file = ContractVectors.class.getResourceAsStream("contract/" + className + ".json")) {
            Objects.requireNonNull(file, "no vectors for " + className + "; see fixtures/generate/layer_contract.py");
            Map<String, Object> json = object(new JsonMapper().readValue(file, Map.class));
            Map<String, Object> minimal = object(json.get("minimal"));
            return new ContractVectors(
                    className,
                    object(minimal.get("config")),
                    object(minimal.get("defaults")),
                    list(json.get("cases")).stream()
                            .map(element -> contractCase(object(element)))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Case contractCase(Map<String, Object> json) {
        List<WeightSpec> specs = new ArrayList<>();
        Map<String, FloatTensor> weights = new LinkedHashMap<>();
        for (Object element : list(json.get("weights"))) {
            Map<String, Object> weight = object(element);
            FloatTensor tensor =
                    (FloatTensor) Objects.requireNonNull(value(weight)).tensor();
            WeightSpec spec =
                    new WeightSpec((String) weight.get("owner"), (String) weight.get("name"), tensor.shape(), (Boolean)
                            weight.get("trainable"));
            specs.add(spec);
            weights.put(spec.path(), tensor);
        }
        return new Case(
                (String) json.get("name"),
                object(json.get("layer")),
                shapes(json.get("input_shapes")),
                shapes(json.get("output_shapes")),
                specs,
                weights,
                (Integer) json.get("parameters"),
                values(json.get("inputs")),
                values(json.get("masks")),
                values(json.get("outputs")),
                values(json.get("output_masks")));
    }

    private static List<Value> values(Object json) {
        List<Value> values = new ArrayList<>();
        for (Object element : list(json)) {
            values.add(element == null ? null : value(object(element)));
        }
        return values;
    }

    private static Value value(Map<String, Object> json) {
        Shape shape = shape(json.get("shape"));
        List<?> numbers = list(json.get("values"));
        if (json.get("dtype").equals("float32")) {
            float[] values = new float[numbers.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = ((Number) numbers.get(i)).floatValue();
            }
            return new Value(ValueKind.FLOAT, FloatTensor.wrap(shape, values));
        }
        int[] values = numbers.stream()
                .mapToInt(number -> ((Number) number).intValue())
                .toArray();
        ValueKind kind = json.get("dtype").equals("bool") ? ValueKind.FLAG : ValueKind.INT;
        return new Value(kind, IntTensor.wrap(shape, values));
    }

    private static List<Shape> shapes(Object json) {
        return list(json).stream().map(ContractVectors::shape).toList();
    }

    private static Shape shape(Object json) {
        return Shape.of(list(json).stream()
                .mapToInt(dimension -> dimension == null ? Shape.UNKNOWN : (Integer) dimension)
                .toArray());
    }

    private static List<?> list(Object json) {
        return (List<?>) json;
    }

    private static Map<String, Object> object(Object json) {
        return LayerConfig.asObject((Map<?, ?>) json);
    }
}
