package dev.rekur.layer.operation;

import dev.rekur.layer.Binding;
import dev.rekur.layer.KerasFunction;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Shapes;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Whether each element differs from a constant; how Functional files hold the mask of an Embedding or a Masking layer.
 *
 * <p>Follows {@code NotEqual} in {@code keras/src/ops/numpy.py} of Keras 3.15.
 *
 * @param constant what elements are compared with
 */
public record NotEqual(float constant) implements KerasFunction {
    public static NotEqual fromConfig(LayerConfig config) {
        List<?> arguments = OperationArguments.of(config);
        if (arguments.size() == 2
                && OperationArguments.TENSOR.equals(arguments.get(0))
                && arguments.get(1) instanceof Number constant) {
            return new NotEqual(constant.floatValue());
        }
        config.problem(
                "expected the arguments [tensor, number], found " + arguments,
                "Rekur compares with a constant only, as masks do.");
        return new NotEqual(0);
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.json("arguments", List.of(OperationArguments.TENSOR, (double) constant));
    }

    @Override
    public String className() {
        return "NotEqual";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(Shapes.only(inputs));
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return ValueKind.FLAG;
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.INT || kind == ValueKind.FLOAT;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        return (workspace, rows) -> {
            boolean[] y = workspace.flags(output);
            int yAt = workspace.at(output);
            for (int i = 0; i < rows * input.rowSize(); i++) {
                y[yAt + i] = element(workspace, input, i) != constant;
            }
        };
    }

    private static float element(Workspace workspace, Slot slot, int index) {
        int at = workspace.at(slot) + index;
        return slot.kind() == ValueKind.INT
                ? workspace.ints(slot)[at]
                : workspace.floats(slot)[at];
    }
}
