package dev.rekur.layer.merging;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.MaskMerge;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds its inputs, element by element, from the first to the last: {@code y = x_1 + x_2 + ...}.
 *
 * <p>Adjoint: {@code dx_i = dy}, summed over the dimensions along which {@code x_i} was repeated.
 *
 * <p>Follows {@code keras/src/layers/merging/add.py} of Keras 3.15.
 *
 * @param masks how the inputs' masks are merged: {@code ANY}, {@code NONE} in files of Keras 3.0 to 3.3, {@code ALL} in files of
 *     Keras 2
 */
public record Add(MaskMerge masks) implements MergingLayer {
    /** As in Keras 3. */
    public Add() {
        this(MaskMerge.ANY);
    }

    public static Add fromConfig(LayerConfig config) {
        return new Add(config.version().mergedMasks());
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        // it has no settings
    }

    @Override
    public String className() {
        return "Add";
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return List.of();
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(Broadcast.shape(inputs));
    }

    @Override
    public OutputMask outputMask(int output, InputMasks inputMasks) {
        return masks.of(inputMasks);
    }

    @Override
    public Operation forward(Binding binding) {
        Slot output = binding.output(0);
        List<Slot> inputs = new ArrayList<>();
        List<int @Nullable []> sources = new ArrayList<>();
        for (int i = 0; i < binding.inputs(); i++) {
            inputs.add(binding.input(i));
            sources.add(Broadcast.sources(binding.inputShape(i), binding.outputShape(0)));
        }
        return (workspace, rows) -> {
            float[] y = workspace.floats(output);
            int yAt = workspace.at(output);
            for (int i = 0; i < inputs.size(); i++) {
                Slot input = inputs.get(i);
                float[] x = workspace.floats(input);
                int xAt = workspace.at(input);
                int[] source = sources.get(i);
                if (i == 0 && source == null) {
                    workspace.copy(input, output, rows);
                } else if (source == null) {
                    add(x, xAt, y, yAt, rows * output.rowSize());
                } else {
                    addRepeated(x, xAt, input.rowSize(), y, yAt, source, rows, i == 0);
                }
            }
        };
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        if (dy == null) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        List<@Nullable Slot> gradients = new ArrayList<>();
        List<int @Nullable []> sources = new ArrayList<>();
        for (int i = 0; i < binding.inputs(); i++) {
            gradients.add(binding.inputGradient(i));
            sources.add(Broadcast.sources(binding.inputShape(i), binding.outputShape(0)));
        }
        return LayerTraining.of(forward(binding), (workspace, rows) -> {
            for (int i = 0; i < gradients.size(); i++) {
                Slot dx = gradients.get(i);
                int[] source = sources.get(i);
                if (dx != null && source == null) {
                    workspace.copy(dy, dx, rows);
                } else if (dx != null) {
                    sumRepeated(workspace, rows, dy, dx, source);
                }
            }
        });
    }

    /** The adjoint of repeating: each element of the input gets the sum over all places that took it. */
    private static void sumRepeated(Workspace workspace, int rows, Slot dy, Slot dx, int[] source) {
        float[] gradient = workspace.floats(dy);
        float[] sums = workspace.floats(dx);
        int at = workspace.at(dx);
        Arrays.fill(sums, at, at + rows * dx.rowSize(), 0f);
        for (int row = 0; row < rows; row++) {
            int from = workspace.at(dy) + row * source.length;
            int to = at + row * dx.rowSize();
            for (int i = 0; i < source.length; i++) {
                sums[to + source[i]] += gradient[from + i];
            }
        }
    }

    private static void add(float[] x, int xAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    private static void addRepeated(
            float[] x, int xAt, int xRow, float[] y, int yAt, int[] source, int rows, boolean first) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < source.length; i++) {
                float value = x[xAt + row * xRow + source[i]];
                int at = yAt + row * source.length + i;
                y[at] = first ? value : y[at] + value;
            }
        }
    }
}
