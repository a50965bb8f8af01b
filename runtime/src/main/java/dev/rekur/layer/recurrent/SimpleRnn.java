package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Shapes;
import java.util.ArrayList;
import java.util.List;

/**
 * The fully connected recurrent layer: {@code h[t] = f(x[t] W + b + h[t-1] U)}.
 *
 * <p>Adjoint, going back in time: {@code dz = f'(z[t]) dh[t]}, {@code dW += x[t]^T dz}, {@code dU += h[t-1]^T dz},
 * {@code db += dz}, {@code dx[t] = dz W^T}, {@code dh[t-1] += dz U^T}.
 *
 * <p>Follows {@code keras/src/layers/rnn/simple_rnn.py} of Keras 3.15 (Elman, 1990).
 *
 * @param units length of the state
 * @param activation {@code f}
 * @param useBias whether there is a {@code b}
 * @param options what all recurrent layers can be told
 */
public record SimpleRnn(int units, Activation activation, boolean useBias, RecurrentOptions options)
        implements RecurrentLayer {
    public static SimpleRnn fromConfig(LayerConfig config) {
        return new SimpleRnn(
                config.size("units"),
                config.activation("activation", Activation.TANH),
                config.flag("use_bias", true),
                RecurrentOptions.fromConfig(config));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("units", units).put("activation", activation).put("use_bias", useBias);
        options.toConfig(config);
    }

    @Override
    public String className() {
        return "SimpleRNN";
    }

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public int states() {
        return 1;
    }

    @Override
    public SimpleRnn withOptions(RecurrentOptions other) {
        return new SimpleRnn(units, activation, useBias, other);
    }

    @Override
    public List<WeightSpec> cellWeights(int features) {
        Shapes.requireSameWidth(activation);
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(WeightSpec.of("kernel", features, units));
        weights.add(WeightSpec.of("recurrent_kernel", units, units));
        if (useBias) {
            weights.add(WeightSpec.of("bias", units));
        }
        return weights;
    }

    @Override
    public float[] inputBias(Binding binding, String owner) {
        return useBias ? binding.padded(owner + "bias") : new float[units + Workspace.SLACK];
    }

    @Override
    public RecurrentStep step(Binding binding, String owner, List<Slot> states) {
        PackedMatrix recurrentKernel = binding.packed(owner + "recurrent_kernel");
        Slot state = states.get(0);
        return (workspace, rows, z, zAt, zStride) -> {
            float[] h = workspace.floats(state);
            int hAt = workspace.at(state);
            workspace.kernels().multiply(rows, h, hAt, units, recurrentKernel, z, zAt, zStride, z, zAt, zStride);
            activation.applyTo(workspace.kernels(), z, zAt, rows, zStride, units);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(z, zAt + row * zStride, h, hAt + row * units, units);
            }
        };
    }

    @Override
    public TrainedStep trainedStep(TrainingBinding binding, String owner, Tape tape) {
        return new TrainedSimpleRnn(this, binding, owner, tape);
    }
}
