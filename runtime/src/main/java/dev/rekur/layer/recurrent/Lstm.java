package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Long short-term memory. With {@code z = x[t] W + b + h[t-1] U}, split into four gates {@code z_i, z_f, z_c, z_o}:
 * {@code i = s(z_i)}, {@code f = s(z_f)}, {@code o = s(z_o)}, {@code c[t] = f c[t-1] + i a(z_c)}, {@code h[t] = o
 * a(c[t])}.
 *
 * <p>Adjoint, going back in time: {@code do = a(c) dh}, {@code dc += o a'(c) dh}, {@code df = c[t-1] dc}, {@code di =
 * a(z_c) dc}, {@code dz_c = i a'(z_c) dc}, {@code dc[t-1] = f dc}; through {@code s'} to {@code dz}; then as in {@link
 * SimpleRnn}.
 *
 * <p>Follows {@code keras/src/layers/rnn/lstm.py} of Keras 3.15 (Hochreiter and Schmidhuber, 1997).
 *
 * @param units length of each state: output {@code h}, carry {@code c}
 * @param activation {@code a}
 * @param recurrentActivation {@code s}
 * @param useBias whether there is a {@code b}
 * @param options what all recurrent layers can be told
 */
public record Lstm(
        int units, Activation activation, Activation recurrentActivation, boolean useBias, RecurrentOptions options)
        implements RecurrentLayer {
    static final int GATES = 4;

    public static Lstm fromConfig(LayerConfig config) {
        config.acknowledge("unit_forget_bias"); // decides how the bias begins, not what it does
        Lstm layer = new Lstm(
                config.size("units"),
                config.activation("activation", Activation.TANH),
                config.activation("recurrent_activation", Activation.SIGMOID),
                config.flag("use_bias", true),
                RecurrentOptions.fromConfig(config).withoutRatesOfOne());
        RecurrentOptions options = layer.options();
        boolean zero = options.zeroOutputForMask() && layer.heedsZeroOutputForMask(config.version());
        return layer.withOptions(options.withZeroOutputForMask(zero));
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("units", units)
                .put("activation", activation)
                .put("recurrent_activation", recurrentActivation)
                .put("use_bias", useBias);
        options.toConfig(config);
    }

    /** The forget gate begins open: {@code unit_forget_bias}. */
    @Override
    public void adjustFreshValues(WeightSpec weight, float[] values) {
        if (weight.name().equals("bias")) {
            Arrays.fill(values, units, 2 * units, 1f);
        }
    }

    @Override
    public String className() {
        return "LSTM";
    }

    @Override
    public int gates() {
        return GATES;
    }

    @Override
    public int states() {
        return 2;
    }

    /** TensorFlow has one kernel for the layer as it is by default, and none for any other. */
    @Override
    public boolean heedsZeroOutputForMask(KerasVersion version) {
        return version.fusedLayersHeedZeroOutputForMask()
                || !useBias
                || !activation.equals(Activation.TANH)
                || !recurrentActivation.equals(Activation.SIGMOID)
                || options.recurrentDropout() > 0;
    }

    @Override
    public Lstm withOptions(RecurrentOptions other) {
        return new Lstm(units, activation, recurrentActivation, useBias, other);
    }

    @Override
    public List<WeightSpec> cellWeights(int features) {
        Shapes.requireSameWidth(activation);
        Shapes.requireSameWidth(recurrentActivation);
        int width = Math.multiplyExact(GATES, units);
        List<WeightSpec> weights = new ArrayList<>();
        weights.add(WeightSpec.of("kernel", features, width));
        weights.add(WeightSpec.of("recurrent_kernel", units, width));
        if (useBias) {
            weights.add(WeightSpec.of("bias", width));
        }
        return weights;
    }

    @Override
    public float[] inputBias(Binding binding, String owner) {
        return useBias ? binding.padded(owner + "bias") : new float[GATES * units + Workspace.SLACK];
    }

    @Override
    public RecurrentStep step(Binding binding, String owner, List<Slot> states) {
        PackedMatrix recurrentKernel = binding.packed(owner + "recurrent_kernel");
        Slot state = states.get(0);
        Slot carry = states.get(1);
        return (workspace, rows, z, zAt, zStride) -> {
            var kernels = workspace.kernels();
            float[] h = workspace.floats(state);
            int hAt = workspace.at(state);
            float[] c = workspace.floats(carry);
            int cAt = workspace.at(carry);
            kernels.multiply(rows, h, hAt, units, recurrentKernel, z, zAt, zStride, z, zAt, zStride);
            recurrentActivation.applyTo(kernels, z, zAt, rows, zStride, units);
            recurrentActivation.applyTo(kernels, z, zAt + units, rows, zStride, units);
            activation.applyTo(kernels, z, zAt + 2 * units, rows, zStride, units);
            recurrentActivation.applyTo(kernels, z, zAt + 3 * units, rows, zStride, units);
            for (int row = 0; row < rows; row++) {
                int i = zAt + row * zStride;
                carry(z, i, c, cAt + row * units, h, hAt + row * units);
            }
            activation.applyTo(kernels, h, hAt, rows, units, units);
            for (int row = 0; row < rows; row++) {
                gate(z, zAt + row * zStride + 3 * units, h, hAt + row * units);
            }
        };
    }

    /** {@code c = f c + i a(z_c)}, and a copy of it in h. */
    private void carry(float[] z, int zAt, float[] c, int cAt, float[] h, int hAt) {
        int f = zAt + units;
        int candidate = f + units;
        for (int j = 0; j < units; j++) {
            float carried = Arithmetic.fma(z[f + j], c[cAt + j], z[zAt + j] * z[candidate + j]);
            c[cAt + j] = carried;
            h[hAt + j] = carried;
        }
    }

    /** {@code h = o a(c)}, where h holds a(c). */
    private void gate(float[] z, int outputGate, float[] h, int hAt) {
        for (int j = 0; j < units; j++) {
            h[hAt + j] *= z[outputGate + j];
        }
    }

    @Override
    public TrainedStep trainedStep(TrainingBinding binding, String owner, Tape tape) {
        return new TrainedLstm(this, binding, owner, tape);
    }
}
