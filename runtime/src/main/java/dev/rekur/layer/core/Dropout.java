package dev.rekur.layer.core;

import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.MaskRule;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import java.util.List;

/**
 * Randomly silences features in training, {@code y = x / (1 - rate)} where a feature is kept and 0 elsewhere; the identity
 * in inference, where plans leave it out.
 *
 * <p>Adjoint: {@code dx = dy / (1 - rate)} where the feature was kept, 0 elsewhere.
 *
 * <p>Follows {@code keras/src/layers/regularization/dropout.py} of Keras 3.15 (Srivastava et al., 2014), but not its random
 * numbers.
 *
 * @param rate fraction of the features that training silences
 * @param noiseShape extents of what is drawn, the batch first; features along an axis of extent 1 are kept or silenced
 *     together. Empty: each for itself
 */
public record Dropout(double rate, List<Integer> noiseShape) implements RegularizingLayer {
    public static Dropout fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        return new Dropout(RegularizingLayer.fraction(config, "rate"), DropoutMask.noiseShape(config));
    }

    /** Each feature for itself. */
    public Dropout(double rate) {
        this(rate, List.of());
    }

    @Override
    public String className() {
        return "Dropout";
    }

    @Override
    public MaskRule maskRule(int output) {
        return MaskRule.PASS;
    }

    @Override
    public boolean joinsRowsInTraining() {
        return DropoutMask.isOneRow(noiseShape);
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        DropoutMask mask = DropoutMask.bind(binding, rate, input.rowSize(), noiseShape);
        TrainingOperation.EachShard forward = (workspace, rows) -> {
            mask.draw(workspace, rows);
            mask.apply(workspace, rows, input, output);
        };
        if (dy == null || dx == null) {
            return new LayerTraining(List.of(forward), List.of());
        }
        TrainingOperation.EachShard backward = (workspace, rows) -> mask.apply(workspace, rows, dy, dx);
        return new LayerTraining(List.of(forward), List.of(backward));
    }
}
