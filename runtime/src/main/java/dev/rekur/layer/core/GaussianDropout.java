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
import dev.rekur.layer.TrainingWorkspace;
import java.util.List;

/**
 * Multiplies features by noise in training, {@code y = x n}; the identity in inference, where plans leave it out. The noise {@code n}
 * comes from a normal distribution of mean 1 and standard deviation {@code sqrt(rate / (1 - rate))}, anew for each feature at each
 * step.
 *
 * <p>Adjoint: {@code dx = dy n}.
 *
 * <p>Follows {@code keras/src/layers/regularization/gaussian_dropout.py} of Keras 3.15 (Srivastava et al., 2014), but not its
 * random numbers.
 *
 * @param rate that of the dropout whose noise has the same variance, from 0 to 1; with 1 it cannot be trained, as in Keras
 */
public record GaussianDropout(double rate) implements RegularizingLayer {
    public static GaussianDropout fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        return new GaussianDropout(RegularizingLayer.fraction(config, "rate"));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("rate", rate).none("seed");
    }

    @Override
    public String className() {
        return "GaussianDropout";
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
    public LayerTraining training(TrainingBinding binding) {
        if (rate >= 1) {
            throw new UnsupportedOperationException("noise of rate 1 has no finite variance");
        }
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        Slot noise = binding.saved(input.rowSize());
        long key = binding.randomKey();
        int batchRowSize = noise.rowSize() * binding.rowsOfEach();
        TrainingOperation.EachShard forward = (workspace, rows) -> {
            draw(workspace, rows, noise, key, batchRowSize);
            multiply(workspace, rows, input, noise, output);
        };
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return new LayerTraining(List.of(forward), List.of());
        }
        TrainingOperation.EachShard backward = (workspace, rows) -> multiply(workspace, rows, dy, noise, dx);
        return new LayerTraining(List.of(forward), List.of(backward));
    }

    private void draw(TrainingWorkspace workspace, int rows, Slot noise, long key, int batchRowSize) {
        long stepKey = RandomNumbers.key(key, workspace.step());
        long place = (long) workspace.firstRow() * batchRowSize;
        float deviation = (float) Math.sqrt(rate / (1 - rate));
        float[] n = workspace.floats(noise);
        int at = workspace.at(noise);
        for (int i = 0; i < rows * noise.rowSize(); i++) {
            n[at + i] = 1f + deviation * (float) RandomNumbers.normal(stepKey, place + i);
        }
    }

    private static void multiply(TrainingWorkspace workspace, int rows, Slot from, Slot noise, Slot to) {
        float[] x = workspace.floats(from);
        int xAt = workspace.at(from);
        float[] n = workspace.floats(noise);
        int nAt = workspace.at(noise);
        float[] y = workspace.floats(to);
        int yAt = workspace.at(to);
        for (int i = 0; i < rows * noise.rowSize(); i++) {
            y[yAt + i] = x[xAt + i] * n[nAt + i];
        }
    }
}
