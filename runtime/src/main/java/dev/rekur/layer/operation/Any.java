package dev.rekur.layer.operation;

import dev.rekur.layer.Binding;
import dev.rekur.layer.KerasFunction;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Shapes;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Whether any flag along the last axis is true; how Functional files hold the mask of a Masking layer.
 *
 * <p>Follows {@code Any} in {@code keras/src/ops/numpy.py} of Keras 3.15.
 *
 * @param keepDimension whether the last axis stays, with extent 1
 */
public record Any(boolean keepDimension) implements KerasFunction {
    public static Any fromConfig(LayerConfig config) {
        OperationArguments.of(config);
        List<Integer> axis = config.integers("axis", List.of());
        if (!axis.equals(List.of(-1))) {
            config.problem("'axis': expected -1, found " + axis, "Rekur reduces flags along the last axis only.");
        }
        return new Any(config.flag("keepdims", false));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("axis", List.of(-1)).put("keepdims", keepDimension);
    }

    @Override
    public String className() {
        return "Any";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        if (input.rank() < 2) {
            throw new ShapeMismatchException("expected at least two dimensions, found " + input, "Check the graph.");
        }
        int[] kept = Arrays.copyOf(input.dimensions(), input.rank() - 1);
        return List.of(keepDimension ? input.with(-1, 1) : Shape.of(kept));
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        if (!inputs.equals(List.of(ValueKind.FLAG))) {
            throw new ShapeMismatchException("expected flags, found " + inputs, "Compare the tensor first.");
        }
        return ValueKind.FLAG;
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return kind == ValueKind.FLAG;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        int extent = binding.inputShape(0).last();
        return (workspace, rows) -> {
            boolean[] x = workspace.flags(input);
            boolean[] y = workspace.flags(output);
            int xAt = workspace.at(input);
            int yAt = workspace.at(output);
            for (int i = 0; i < rows * output.rowSize(); i++) {
                boolean any = false;
                for (int j = 0; j < extent; j++) {
                    any |= x[xAt + i * extent + j];
                }
                y[yAt + i] = any;
            }
        };
    }
}
