package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.tensor.Shape;
import java.util.List;

/** A layer that does something to its input in training alone: the identity in inference, where plans leave it out. */
interface RegularizingLayer extends Layer {
    /** Reads a number from 0 to 1 that has no default. */
    static double fraction(LayerConfig config, String key) {
        double fraction = config.number(key, Double.NaN);
        if (!(fraction >= 0 && fraction <= 1)) {
            config.problem("'" + key + "': expected a number from 0 to 1, found " + fraction, "Save the model again.");
        }
        return fraction;
    }

    @Override
    default List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(Shapes.only(inputs));
    }

    @Override
    default OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    default boolean isIdentityInInference() {
        return true;
    }

    @Override
    default boolean worksInPlace() {
        return true;
    }

    @Override
    default Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        return (workspace, rows) -> workspace.copy(input, output, rows);
    }
}
