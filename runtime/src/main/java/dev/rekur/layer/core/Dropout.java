package dev.rekur.layer.core;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.MaskRule;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
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
public record Dropout(double rate, List<Integer> noiseShape) implements Layer {
    public static Dropout fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        double rate = config.number("rate", Double.NaN);
        if (!(rate >= 0 && rate <= 1)) {
            config.problem("'rate': expected a number from 0 to 1, found " + rate, "Save the model again.");
        }
        return new Dropout(rate, DropoutMask.noiseShape(config));
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
