package dev.rekur.layer.core;

import dev.rekur.kernel.RandomNumbers;
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
 * Adds noise in training, {@code y = x + stddev n}; the identity in inference, where plans leave it out. The noise {@code n} comes
 * from the standard normal distribution, anew for each feature at each step.
 *
 * <p>Adjoint: {@code dx = dy}.
 *
 * <p>Follows {@code keras/src/layers/regularization/gaussian_noise.py} of Keras 3.15, but not its random numbers.
 *
 * @param stddev standard deviation of the noise, from 0 to 1
 */
public record GaussianNoise(double stddev) implements RegularizingLayer {
    public static GaussianNoise fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        return new GaussianNoise(RegularizingLayer.fraction(config, "stddev"));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("stddev", stddev).none("seed");
    }

    @Override
    public String className() {
        return "GaussianNoise";
    }

    @Override
    public boolean returnsInput(boolean training) {
        return !training || stddev == 0;
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        TrainingOperation.EachShard forward = stddev > 0 ? noisy(binding) : forward(binding)::run;
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return new LayerTraining(List.of(forward), List.of());
        }
        TrainingOperation.EachShard backward = (workspace, rows) -> workspace.copy(dy, dx, rows);
        return new LayerTraining(List.of(forward), List.of(backward));
    }

    private TrainingOperation.EachShard noisy(TrainingBinding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        int rowSize = input.rowSize();
        int batchRowSize = rowSize * binding.rowsOfEach();
        long key = binding.randomKey();
        float scale = (float) stddev;
        return (workspace, rows) -> {
            long stepKey = RandomNumbers.key(key, workspace.step());
            long place = (long) workspace.firstRow() * batchRowSize;
            float[] x = workspace.floats(input);
            int xAt = workspace.at(input);
            float[] y = workspace.floats(output);
            int yAt = workspace.at(output);
            for (int i = 0; i < rows * rowSize; i++) {
                y[yAt + i] = x[xAt + i] + scale * (float) RandomNumbers.normal(stepKey, place + i);
            }
        };
    }
}
