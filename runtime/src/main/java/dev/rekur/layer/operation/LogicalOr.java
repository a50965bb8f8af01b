package dev.rekur.layer.operation;

import dev.rekur.layer.Binding;
import dev.rekur.layer.KerasFunction;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Whether one flag or the other is true; how Functional files hold the mask of a merging layer.
 *
 * <p>Follows {@code LogicalOr} in {@code keras/src/ops/numpy.py} of Keras 3.15.
 */
public record LogicalOr() implements KerasFunction {
    public static LogicalOr fromConfig(LayerConfig config) {
        OperationArguments.of(config);
        return new LogicalOr();
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        // it has no settings
    }

    @Override
    public String className() {
        return "LogicalOr";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        if (inputs.size() != 2 || !inputs.get(0).isCompatibleWith(inputs.get(1))) {
            throw new ShapeMismatchException(
                    "expected two inputs of equal shape, found " + inputs, "Merge masks of equal shape.");
        }
        return List.of(inputs.get(0));
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return ValueKind.FLAG;
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.FLAG || kind == ValueKind.INT;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot first = binding.input(0);
        Slot second = binding.input(1);
        Slot output = binding.output(0);
        return (workspace, rows) -> {
            boolean[] flags = workspace.flags(output);
            int a = workspace.at(first);
            int b = workspace.at(second);
            int y = workspace.at(output);
            for (int i = 0; i < rows * output.rowSize(); i++) {
                flags[y + i] = isSet(workspace, first, a + i) | isSet(workspace, second, b + i);
            }
        };
    }

    /** A flag, or a number other than 0: booleans that enter a model are numbers. */
    private static boolean isSet(Workspace workspace, Slot slot, int at) {
        return slot.kind() == ValueKind.FLAG
                ? workspace.flags(slot)[at]
                : workspace.ints(slot)[at] != 0;
    }
}
