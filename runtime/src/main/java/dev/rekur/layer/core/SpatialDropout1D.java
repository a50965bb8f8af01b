package dev.rekur.layer.core;

import dev.rekur.layer.InputMasks;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Randomly silences features of sequences {@code [batch, time, features]} in training, each at all steps of a row together; the
 * identity in inference, where plans leave it out.
 *
 * <p>Adjoint: {@code dx = dy / (1 - rate)} where the feature was kept, 0 elsewhere.
 *
 * <p>Follows {@code keras/src/layers/regularization/spatial_dropout.py} of Keras 3.15 (Tompson et al., 2014), but not its
 * random numbers.
 *
 * @param rate fraction of the features that training silences
 */
public record SpatialDropout1D(double rate) implements RegularizingLayer {
    /** One draw for all steps. */
    private static final List<Integer> NOISE_SHAPE = List.of(Shape.UNKNOWN, 1, Shape.UNKNOWN);

    public static SpatialDropout1D fromConfig(LayerConfig config) {
        config.acknowledge("seed");
        return new SpatialDropout1D(RegularizingLayer.fraction(config, "rate"));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("rate", rate).none("seed");
    }

    @Override
    public boolean hasTrainableFlag() {
        return false; // Keras's constructor does not take it
    }

    @Override
    public String className() {
        return "SpatialDropout1D";
    }

    @Override
    public boolean returnsInput(boolean training) {
        return !training || rate == 0;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        if (input.rank() != 3) {
            throw new ShapeMismatchException(
                    "expected an input [batch, time, features], found " + input,
                    "Use Dropout for inputs of another rank.");
        }
        return List.of(input);
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        return new Dropout(rate, NOISE_SHAPE).training(binding);
    }
}
