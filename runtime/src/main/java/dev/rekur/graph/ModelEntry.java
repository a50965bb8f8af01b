package dev.rekur.graph;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Where a value enters a model inside a model and cannot stay as it is: it is cast to what the inner input takes, gets or loses
 * a last dimension of 1, or goes on with another mask than it came with.
 *
 * <p>{@code y = x}; adjoint {@code dx = dy}. Follows {@code Functional._standardize_inputs} and {@code call} of Keras 3.15, but
 * that numbers which are no integers are refused where Keras cuts them off.
 *
 * @param declared shape of the inner input
 * @param kind what the inner input takes
 */
record ModelEntry(Shape declared, ValueKind kind) implements Layer {
    @Override
    public String className() {
        return "InputLayer";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(fitted(inputs.get(0)));
    }

    /** The shape with as many dimensions as declared, if the last one is 1. */
    Shape fitted(Shape given) {
        int[] dimensions = given.dimensions();
        if (given.rank() == declared.rank() - 1 && given.rank() > 0 && declared.last() == 1) {
            int[] longer = Arrays.copyOf(dimensions, dimensions.length + 1);
            longer[dimensions.length] = 1;
            return Shape.of(longer);
        }
        return given.rank() == declared.rank() + 1 && given.last() == 1
                ? Shape.of(Arrays.copyOf(dimensions, dimensions.length - 1))
                : given;
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return kind;
    }

    @Override
    public boolean takes(int input, ValueKind given) {
        return given == ValueKind.FLOAT || given == kind;
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public Operation forward(Binding binding) {
        String name = binding.layerName();
        Slot from = binding.input(0);
        Slot to = binding.output(0);
        if (kind == ValueKind.FLOAT) {
            return (workspace, rows) -> copy(workspace, from, to, rows);
        }
        if (from.kind() == ValueKind.INT) {
            return (workspace, rows) -> System.arraycopy(
                    workspace.ints(from),
                    workspace.at(from),
                    workspace.ints(to),
                    workspace.at(to),
                    rows * to.rowSize());
        }
        return (workspace, rows) -> {
            float[] x = workspace.floats(from);
            int[] y = workspace.ints(to);
            int at = workspace.at(from);
            int target = workspace.at(to);
            for (int i = 0; i < rows * to.rowSize(); i++) {
                y[target + i] = whole(name, x[at + i]);
            }
        };
    }

    private static int whole(String name, float value) {
        int whole = (int) value;
        if (whole != value) {
            throw new InvalidInputException(
                    "input '" + name + "': expected whole numbers, found " + value
                            + ". Integers are never made by rounding",
                    "docs/TROUBLESHOOTING.md#token-ids");
        }
        return whole;
    }

    private static void copy(Workspace workspace, Slot from, Slot to, int rows) {
        System.arraycopy(
                workspace.floats(from),
                workspace.at(from),
                workspace.floats(to),
                workspace.at(to),
                rows * to.rowSize());
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        Operation forward = forward(binding);
        return dy == null || dx == null
                ? LayerTraining.withoutGradient(forward)
                : LayerTraining.of(forward, (workspace, rows) -> copy(workspace, dy, dx, rows));
    }
}
