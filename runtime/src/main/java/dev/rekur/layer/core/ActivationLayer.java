package dev.rekur.layer.core;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.tensor.Shape;
import java.util.List;

/**
 * Keras's {@code Activation} layer: {@code y = f(x)}, elementwise or along the last dimension.
 *
 * <p>Adjoint: {@code dx = f'(x) dy}.
 *
 * <p>Follows {@code keras/src/layers/activations/activation.py} of Keras 3.15.
 *
 * @param activation {@code f}
 */
public record ActivationLayer(Activation activation) implements Layer {
    public static ActivationLayer fromConfig(LayerConfig config) {
        return new ActivationLayer(config.activation("activation", Activation.LINEAR));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("activation", activation);
    }

    @Override
    public String className() {
        return "Activation";
    }

    /** The inputs', although glu halves the last dimension. */
    @Override
    public List<Shape> inferredShapes(List<Shape> inputs) {
        return inputs;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        if (!activation.halvesFeatures()) {
            return List.of(input);
        }
        if (Shapes.features(input) % 2 != 0) {
            throw new ShapeMismatchException(
                    activation.kerasName() + " needs an even number of features, found " + input,
                    "Widen the layer before it by one.");
        }
        return List.of(input.with(-1, input.last() / 2));
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public boolean worksInPlace() {
        return !activation.halvesFeatures();
    }

    @Override
    public boolean returnsInput(boolean training) {
        return activation == Activation.LINEAR;
    }

    @Override
    public boolean isActivation() {
        return true;
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        int features =
                binding.inputShape(0).rank() < 2 ? 1 : binding.inputShape(0).last();
        int perRow = features == 0 ? 0 : input.rowSize() / features;
        if (activation.halvesFeatures()) {
            return (workspace, rows) -> Activation.glu(
                    workspace.kernels(),
                    rows * perRow,
                    workspace.floats(input),
                    workspace.at(input),
                    features,
                    features,
                    workspace.floats(output),
                    workspace.at(output),
                    features / 2);
        }
        return (workspace, rows) -> {
            workspace.copy(input, output, rows);
            activation.applyTo(
                    workspace.kernels(),
                    workspace.floats(output),
                    workspace.at(output),
                    rows * perRow,
                    features,
                    features);
        };
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        Slot kept = activation.halvesFeatures() || ActivationGradient.needsInput(activation)
                ? binding.keep(binding.input(0))
                : binding.keep(binding.output(0));
        int features =
                binding.inputShape(0).rank() < 2 ? 1 : binding.inputShape(0).last();
        int perRow = features == 0 ? 0 : binding.input(0).rowSize() / features;
        return LayerTraining.of(forward(binding), (workspace, rows) -> {
            float[] saved = workspace.floats(kept);
            int savedAt = workspace.at(kept);
            float[] gradient = workspace.floats(dx);
            int at = workspace.at(dx);
            if (activation.halvesFeatures()) {
                ActivationGradient.glu(
                        workspace.kernels(),
                        rows * perRow,
                        saved,
                        savedAt,
                        features,
                        features,
                        workspace.floats(dy),
                        workspace.at(dy),
                        features / 2,
                        gradient,
                        at,
                        features);
                return;
            }
            workspace.copy(dy, dx, rows);
            ActivationGradient.apply(
                    activation,
                    workspace.kernels(),
                    saved,
                    savedAt,
                    features,
                    gradient,
                    at,
                    features,
                    rows * perRow,
                    features);
        });
    }
}
