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
     * @param gradients null where none are asked for
     * @param training null where training is as inference
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
            List<@Nullable Value> outputMasks,
            @Nullable Gradients gradients,
            @Nullable Training training) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Gradients of the sum of outputs times cotangents, from Keras in double precision.
     *
     * @param cotangents one for each output, or null where it is not of floats
     * @param inputs with respect to each input, or null where it is not of floats
     * @param weights by path, those that are trained
     */
    public record Gradients(
            List<@Nullable FloatTensor> cotangents,
            List<@Nullable FloatTensor> inputs,
            Map<String, FloatTensor> weights) {}

    /**
     * What becomes of a layer that computes something else in training.
     *
     * @param weightsAfter by path, all weights after the call
     */
    public record Training(List<FloatTensor> outputs, Gradients gradients, Map<String, FloatTensor> weightsAfter) {}

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
                values(json.get("output_masks")),
                json.containsKey("cotangents") ? gradients(json, json.get("cotangents"), specs) : null,
                json.containsKey("training") ? training(json, specs) : null);
    }

    private static Training training(Map<String, Object> json, List<WeightSpec> specs) {
        Map<String, Object> training = object(json.get("training"));
        List<FloatTensor> outputs = new ArrayList<>();
        floats(training.get("outputs")).forEach(output -> outputs.add(Objects.requireNonNull(output)));
        return new Training(
                outputs,
                gradients(training, json.get("cotangents"), specs),
                byPath(training.get("weights_after"), specs));
    }

    private static Gradients gradients(Map<String, Object> json, Object cotangents, List<WeightSpec> specs) {
        return new Gradients(
                floats(cotangents), floats(json.get("input_gradients")), byPath(json.get("weight_gradients"), specs));
    }

    private static List<@Nullable FloatTensor> floats(Object json) {
        List<@Nullable FloatTensor> floats = new ArrayList<>();
        values(json).forEach(value -> floats.add(value == null ? null : (FloatTensor) value.tensor()));
        return floats;
    }

    private static Map<String, FloatTensor> byPath(Object json, List<WeightSpec> specs) {
        List<@Nullable FloatTensor> tensors = floats(json);
        Map<String, FloatTensor> paths = new LinkedHashMap<>();
        for (int i = 0; i < specs.size(); i++) {
            FloatTensor tensor = tensors.get(i);
            if (tensor != null) {
                paths.put(specs.get(i).path(), tensor);
            }
        }
        return paths;
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
