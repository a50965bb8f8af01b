package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Set;

/**
 * Where data enters a model. Computes nothing; the predictor writes its output.
 *
 * <p>Follows {@code keras/src/layers/core/input_layer.py} of Keras 3.15.
 *
 * @param shape {@code [batch, ...]}; the batch is known only where the file fixes it
 * @param kind what is fed
 */
public record InputLayer(Shape shape, ValueKind kind) implements Layer {
    private static final Set<String> INTEGERS =
            Set.of("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool");

    private static final int RANK_LIMIT = 64;

    public static InputLayer fromConfig(LayerConfig config) {
        // Keras 2 calls it batch_input_shape
        List<?> dimensions = config.raw("batch_shape") instanceof List<?> shape
                ? shape
                : config.raw("batch_input_shape") instanceof List<?> older ? older : null;
        config.acknowledge("sparse", "ragged", "optional");
        for (String unsupported : List.of("sparse", "ragged")) {
            if (Boolean.TRUE.equals(config.values().get(unsupported))) {
                config.problem(unsupported + " input is not supported", "Feed a dense tensor.");
            }
        }
        ValueKind kind = kindOf(config);
        if (dimensions == null || dimensions.isEmpty()) {
            config.problem("expected 'batch_shape', a list of dimensions, found none", "Save the model again.");
            return new InputLayer(Shape.of(Shape.UNKNOWN), kind);
        }
        if (dimensions.size() > RANK_LIMIT) {
            config.problem(
                    "'batch_shape': expected at most " + RANK_LIMIT + " dimensions, found " + dimensions.size(),
                    "NumPy has no more either.",
                    "docs/TROUBLESHOOTING.md#limits");
            return new InputLayer(Shape.of(Shape.UNKNOWN), kind);
        }
        int[] shape = new int[dimensions.size()];
        for (int i = 0; i < shape.length; i++) {
            Object dimension = dimensions.get(i);
            if (dimension == null) {
                shape[i] = Shape.UNKNOWN;
            } else if (dimension instanceof Number number
                    && number.longValue() >= 0
                    && number.longValue() <= Integer.MAX_VALUE) {
                shape[i] = number.intValue();
            } else {
                config.problem("'batch_shape': " + dimension + " is not a dimension", "Save the model again.");
                shape[i] = Shape.UNKNOWN;
            }
        }
        return new InputLayer(Shape.of(shape), kind);
    }

    private static ValueKind kindOf(LayerConfig config) {
        String dtype = config.raw("dtype") instanceof String text ? text : "float32";
        if (dtype.equals("string")) {
            return ValueKind.TEXT;
        }
        if (INTEGERS.contains(dtype)) {
            return ValueKind.INT;
        }
        if (!dtype.startsWith("float")) {
            config.problem("input dtype '" + dtype + "' is not supported", "Use float32, an integer type or string.");
        }
        return ValueKind.FLOAT;
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("batch_shape", shape)
                .put("dtype", kind.dtype())
                .put("sparse", false)
                .put("ragged", false);
    }

    @Override
    public boolean hasTrainableFlag() {
        return false;
    }

    @Override
    public String className() {
        return "InputLayer";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(shape.rank() == 0 ? shape : shape.withBatch(Shape.UNKNOWN));
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return kind;
    }

    @Override
    public Operation forward(Binding binding) {
        return (workspace, rows) -> {};
    }
}
