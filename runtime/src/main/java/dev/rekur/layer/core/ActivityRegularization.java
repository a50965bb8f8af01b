package dev.rekur.layer.core;

import dev.rekur.layer.ActivityCost;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;

/**
 * Passes its input on, {@code y = x}, and in training adds {@code l1 sum |x| + l2 sum x^2} to the loss, divided by the size of
 * the batch. The penalty and its gradient are the training's affair; the identity in inference, where plans leave it out.
 *
 * <p>Adjoint: {@code dx = dy}.
 *
 * <p>Follows {@code keras/src/layers/regularization/activity_regularization.py} of Keras 3.15.
 *
 * @param l1 at least 0
 * @param l2 at least 0
 */
public record ActivityRegularization(double l1, double l2) implements RegularizingLayer, ActivityCost {
    public static ActivityRegularization fromConfig(LayerConfig config) {
        return new ActivityRegularization(factor(config, "l1"), factor(config, "l2"));
    }

    private static double factor(LayerConfig config, String key) {
        double factor = config.number(key, 0);
        if (!(factor >= 0 && Double.isFinite(factor))) {
            config.problem("'" + key + "': expected a number of at least 0, found " + factor, "Save the model again.");
        }
        return factor;
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("l1", l1).put("l2", l2);
    }

    @Override
    public String className() {
        return "ActivityRegularization";
    }

    @Override
    public boolean returnsInput(boolean training) {
        return true;
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        return LayerTraining.of(forward(binding), (workspace, rows) -> workspace.copy(dy, dx, rows));
    }
}
