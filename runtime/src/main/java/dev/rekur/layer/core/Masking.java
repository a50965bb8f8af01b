package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Masks the steps all of whose features equal a value, and sets them to zero.
 *
 * <p>Adjoint: {@code dx = dy} at steps that are kept, 0 elsewhere.
 *
 * <p>Follows {@code keras/src/layers/core/masking.py} of Keras 3.15.
 *
 * @param maskValue the value that marks padding
 */
public record Masking(float maskValue) implements Layer {
    public static Masking fromConfig(LayerConfig config) {
        return new Masking((float) config.number("mask_value", 0));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("mask_value", maskValue);
    }

    @Override
    public String className() {
        return "Masking";
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        if (input.rank() < 2) {
            throw new ShapeMismatchException(
                    "expected an input [batch, ..., features], found " + input, "Add a last dimension.");
        }
        return List.of(input);
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.Computed.ofVectors(masks.inputs().get(0));
    }

    @Override
    public boolean worksInPlace() {
        return true;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        Slot mask = binding.outputMask(0);
        int features = binding.inputShape(0).last();
        int perRow = mask.rowSize();
        return (workspace, rows) -> {
            workspace.copy(input, output, rows);
            float[] y = workspace.floats(output);
            boolean[] flags = workspace.flags(mask);
            int at = workspace.at(output);
            int maskAt = workspace.at(mask);
            for (int step = 0; step < rows * perRow; step++) {
                boolean kept = false;
                for (int j = 0; j < features; j++) {
                    kept |= y[at + j] != maskValue;
                }
                flags[maskAt + step] = kept;
                if (!kept) {
                    Arrays.fill(y, at, at + features, 0f);
                }
                at += features;
            }
        };
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        Slot mask = binding.keep(binding.outputMask(0));
        int features = binding.inputShape(0).last();
        return LayerTraining.of(forward(binding), (workspace, rows) -> {
            workspace.copy(dy, dx, rows);
            boolean[] flags = workspace.flags(mask);
            int maskAt = workspace.at(mask);
            for (int step = 0; step < rows * mask.rowSize(); step++) {
                if (!flags[maskAt + step]) {
                    int at = workspace.at(dx) + step * features;
                    Arrays.fill(workspace.floats(dx), at, at + features, 0f);
                }
            }
        });
    }
}
