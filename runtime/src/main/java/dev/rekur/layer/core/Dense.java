package dev.rekur.layer.core;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.LinearAdjoint;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A fully connected layer: {@code y = f(x W + b)} along the last dimension.
 *
 * <p>Adjoint: {@code dz = f'(z) dy}, {@code dx = dz W^T}, {@code dW = x^T dz}, {@code db = sum of dz}.
 *
 * <p>Follows {@code keras/src/layers/core/dense.py} of Keras 3.15.
 *
 * @param units features of the output
 * @param activation {@code f}
 * @param useBias whether there is a {@code b}
 */
public record Dense(int units, Activation activation, boolean useBias) implements Layer {
    public static Dense fromConfig(LayerConfig config) {
        config.acknowledge("lora_alpha");
        boolean useBias = config.flag("use_bias", true);
        config.weight("kernel");
        config.weight("bias", "bias", useBias);
        return new Dense(config.size("units"), config.activation("activation", Activation.LINEAR), useBias);
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("units", units).put("activation", activation).put("use_bias", useBias);
    }

    @Override
    public String className() {
        return "Dense";
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(WeightSpec.of("kernel", Shapes.features(Shapes.only(inputs)), units));
        if (useBias) {
            weights.add(WeightSpec.of("bias", units));
        }
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        Shapes.features(input);
        Shapes.requireSameWidth(activation);
        return List.of(input.with(-1, units));
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }

    @Override
    public Dense withLinearOutput() {
        return new Dense(units, Activation.LINEAR, useBias);
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        PackedMatrix kernel = binding.packed("kernel");
        float[] bias = useBias ? binding.padded("bias") : new float[units + Workspace.SLACK];
        int features = kernel.rows();
        int perRow = output.rowSize() / units;
        return (workspace, rows) -> {
            int vectors = rows * perRow;
            float[] y = workspace.floats(output);
            int yAt = workspace.at(output);
            workspace
                    .kernels()
                    .multiply(
                            vectors,
                            workspace.floats(input),
                            workspace.at(input),
                            features,
                            kernel,
                            bias,
                            0,
                            0,
                            y,
                            yAt,
                            units);
            activation.applyTo(workspace.kernels(), y, yAt, vectors, units, units);
        };
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot input = binding.keep(binding.input(0));
        Slot output = binding.output(0);
        Slot outputGradient = binding.outputGradient(0);
        boolean keepsInput = ActivationGradient.needsInput(activation);
        Slot kept = keepsInput ? binding.saved(output.rowSize()) : binding.keep(output);
        Operation forward = keepsInput ? keepingPreActivation(binding, kept) : forward(binding);
        if (outputGradient == null) {
            return LayerTraining.withoutGradient(forward);
        }
        LinearAdjoint linear = LinearAdjoint.of(binding, "kernel", useBias ? "bias" : null);
        Slot inputGradient = binding.inputGradient(0);
        int perRow = output.rowSize() / units;
        return LayerTraining.of(forward, (workspace, rows) -> {
            int vectors = rows * perRow;
            float[] dz = workspace.floats(outputGradient);
            int dzAt = workspace.at(outputGradient);
            float[] saved = workspace.floats(kept);
            ActivationGradient.apply(
                    activation, workspace.kernels(), saved, workspace.at(kept), units, dz, dzAt, units, vectors, units);
            linear.weights(
                    workspace, vectors, workspace.floats(input), workspace.at(input), linear.inputs(), dz, dzAt, units);
            if (inputGradient != null) {
                linear.input(
                        workspace,
                        vectors,
                        dz,
                        dzAt,
                        units,
                        workspace.floats(inputGradient),
                        workspace.at(inputGradient),
                        linear.inputs());
            }
        });
    }

    /** The forward computation, which also keeps what the activation is applied to. */
    private Operation keepingPreActivation(TrainingBinding binding, Slot kept) {
        Operation linear = withLinearOutput().forward(binding);
        Slot output = binding.output(0);
        int perRow = output.rowSize() / units;
        return (workspace, rows) -> {
            linear.run(workspace, rows);
            workspace.copy(output, kept, rows);
            activation.applyTo(
                    workspace.kernels(), workspace.floats(output), workspace.at(output), rows * perRow, units, units);
        };
    }
}
