package dev.rekur.layer.core;

import dev.rekur.layer.InputMasks;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import java.util.List;

/**
 * Dropout that keeps mean and variance, for SELU: in training {@code y = a x + b} where a feature is kept and {@code a s + b}
 * elsewhere; the identity in inference, where plans leave it out. Here {@code s = -1.758} is the value at which SELU saturates,
 * {@code a = ((1 - rate) (1 + rate s^2))^-1/2} and {@code b = -a s rate}, so that mean 0 and variance 1 stay as they are.
 *
 * <p>Adjoint: {@code dx = a dy} where the feature was kept, 0 elsewhere.
 *
 * <p>Follows {@code keras/src/layers/regularization/alpha_dropout.py} of Keras 3.15 (Klambauer et al., Self-Normalizing Neural
 * Networks, 2017), but not its random numbers.
 *
 * @param rate fraction of the features that training saturates, from 0 to 1; with 1 it cannot be trained, as in Keras
 * @param noiseShape as in {@link Dropout}
 */
public record AlphaDropout(double rate, List<Integer> noiseShape) implements RegularizingLayer {
    private static final double SATURATION = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946;

    public static AlphaDropout fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        return new AlphaDropout(RegularizingLayer.fraction(config, "rate"), DropoutMask.noiseShape(config));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("rate", rate).none("seed");
        DropoutMask.toConfig(noiseShape, config);
    }

    @Override
    public String className() {
        return "AlphaDropout";
    }

    @Override
    public boolean returnsInput(boolean training) {
        return !training || rate == 0;
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public Rows rows() {
        return DropoutMask.isOneRow(noiseShape) ? Rows.JOINED_IN_TRAINING : Rows.INDEPENDENT;
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        if (rate >= 1) {
            throw new UnsupportedOperationException("of a rate of 1 nothing is left whose variance could be kept");
        }
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        DropoutMask mask = DropoutMask.bind(binding, rate, input.rowSize(), noiseShape);
        double factor = 1 / Math.sqrt((1 - rate) * (1 + rate * SATURATION * SATURATION));
        float a = (float) factor;
        float b = (float) (-factor * SATURATION * rate);
        float saturated = a * (float) SATURATION + b;
        TrainingOperation.EachShard forward = (workspace, rows) -> {
            mask.draw(workspace, rows);
            mask.choose(workspace, rows, input, a, b, saturated, output);
        };
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return new LayerTraining(List.of(forward), List.of());
        }
        TrainingOperation.EachShard backward = (workspace, rows) -> mask.choose(workspace, rows, dy, a, 0f, 0f, dx);
        return new LayerTraining(List.of(forward), List.of(backward));
    }
}
