package dev.rekur.layer.core;

import dev.rekur.layer.InputMasks;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import java.util.ArrayList;
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
    public void toConfig(LayerConfigWriter config) {
        config.put("rate", rate).none("seed");
        DropoutMask.toConfig(noiseShape, config);
    }

    @Override
    public String className() {
        return "Dropout";
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
        if (noiseShape.isEmpty()) {
            DropoutDraws draws =
                    new DropoutDraws(binding, rate, binding.input(0).rowSize(), false);
            return training(binding, draws::apply, List.of());
        }
        DropoutMask mask = DropoutMask.bind(binding, rate, binding.input(0).rowSize(), noiseShape);
        TrainingOperation.EachShard draw = mask::draw;
        return training(binding, mask::apply, List.of(draw));
    }

    /** Silences features of one buffer, and writes the rest to another. */
    @FunctionalInterface
    private interface Silencing {
        void apply(TrainingWorkspace workspace, int rows, Slot from, Slot to);
    }

    private static LayerTraining training(
            TrainingBinding binding, Silencing silencing, List<TrainingOperation> before) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        List<TrainingOperation> forwards = new ArrayList<>(before);
        forwards.add(
                (TrainingOperation.EachShard) (workspace, rows) -> silencing.apply(workspace, rows, input, output));
        if (dy == null || dx == null) {
            return new LayerTraining(forwards, List.of());
        }
        TrainingOperation.EachShard backward = (workspace, rows) -> silencing.apply(workspace, rows, dy, dx);
        return new LayerTraining(forwards, List.of(backward));
    }
}
