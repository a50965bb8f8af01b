package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.MaskRule;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Randomly silences features in training; the identity in inference, where plans leave it out.
 *
 * <p>Follows {@code keras/src/layers/regularization/dropout.py} of Keras 3.15 (Srivastava et al., 2014).
 *
 * @param rate fraction of the features that training silences
 */
public record Dropout(double rate) implements Layer {
    public static Dropout fromConfig(LayerConfig config) {
        config.acknowledge("seed", "noise_shape");
        double rate = config.number("rate", Double.NaN);
        if (!(rate >= 0 && rate <= 1)) {
            config.problem("'rate': expected a number from 0 to 1, found " + rate, "Save the model again.");
        }
        return new Dropout(rate);
    }

    @Override
    public String className() {
        return "Dropout";
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        return List.of();
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        return List.of(Shapes.only(inputs));
    }

    @Override
    public MaskRule maskRule(int output) {
        return MaskRule.PASS;
    }

    @Override
    public boolean isIdentityInInference() {
        return true;
    }

    @Override
    public boolean worksInPlace() {
        return true;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        return (workspace, rows) -> workspace.copy(input, output, rows);
    }
}
