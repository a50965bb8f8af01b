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
import java.util.List;

/**
 * Gated recurrent unit. With {@code x[t] W + b}, split into {@code x_z, x_r, x_h}, and {@code U} likewise: {@code z = s(x_z
 * + h[t-1] U_z)}, {@code r = s(x_r + h[t-1] U_r)}, {@code n = a(x_h + r (h[t-1] U_h + b_h))} if the reset gate comes after
 * the product, {@code n = a(x_h + (r h[t-1]) U_h)} if it comes before; {@code h[t] = z h[t-1] + (1 - z) n}.
 *
 * <p>Adjoint, going back in time: {@code dz = (h[t-1] - n) dh}, {@code dn = (1 - z) dh}, {@code dh[t-1] = z dh}; through
 * {@code a'} to {@code dx_h} and to {@code r} and its product; through {@code s'} to {@code dx_z, dx_r}; each of them
 * through its part of {@code U} to {@code dh[t-1]}.
 *
 * <p>Follows {@code keras/src/layers/rnn/gru.py} of Keras 3.15 (Cho et al., 2014).
 *
 * @param units length of the state
 * @param activation {@code a}
 * @param recurrentActivation {@code s}
 * @param useBias whether there are biases; with {@code resetAfter} the recurrent products have one of their own
 * @param resetAfter whether the reset gate is applied after the product with {@code U_h}
 * @param options what all recurrent layers can be told
 */
public record Gru(
        int units,
        Activation activation,
        Activation recurrentActivation,
        boolean useBias,
        boolean resetAfter,
        RecurrentOptions options)
        implements RecurrentLayer {
    static final int GATES = 3;

    public static Gru fromConfig(LayerConfig config) {
        Gru layer = new Gru(
                config.size("units"),
                config.activation("activation", Activation.TANH),
                config.activation("recurrent_activation", Activation.SIGMOID),
                config.flag("use_bias", true),
                config.flag("reset_after", config.version().gruResetsAfterProduct()),
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
                .put("use_bias", useBias)
                .put("reset_after", resetAfter);
        options.toConfig(config);
    }

    @Override
    public String className() {
        return "GRU";
    }

    @Override
    public int gates() {
        return GATES;
    }

    @Override
    public int states() {
        return 1;
    }

    /** TensorFlow has one kernel for the layer as it is by default, and none for any other. */
    @Override
    public boolean heedsZeroOutputForMask(KerasVersion version) {
        return version.fusedLayersHeedZeroOutputForMask()
                || !useBias
                || !resetAfter
                || !activation.equals(Activation.TANH)
                || !recurrentActivation.equals(Activation.SIGMOID)
                || options.recurrentDropout() > 0;
    }

    @Override
    public Gru withOptions(RecurrentOptions other) {
        return new Gru(units, activation, recurrentActivation, useBias, resetAfter, other);
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
            weights.add(resetAfter ? WeightSpec.of("bias", 2, width) : WeightSpec.of("bias", width));
        }
        return weights;
    }

    /** The first row of the bias; with {@link #resetAfter} a second follows, for the recurrent products. */
    @Override
    public float[] inputBias(Binding binding, String owner) {
        return useBias ? binding.padded(owner + "bias") : new float[2 * GATES * units + Workspace.SLACK];
    }

    @Override
    public RecurrentStep step(Binding binding, String owner, List<Slot> states) {
        return resetAfter
                ? stepResetAfter(binding, owner, states.get(0))
                : stepResetBefore(binding, owner, states.get(0));
    }

    private RecurrentStep stepResetAfter(Binding binding, String owner, Slot state) {
        PackedMatrix recurrentKernel = binding.packed(owner + "recurrent_kernel");
        float[] biases = inputBias(binding, owner);
        int width = GATES * units;
        Slot products = binding.scratch(width);
        return (workspace, rows, x, xAt, xStride) -> {
            var kernels = workspace.kernels();
            float[] h = workspace.floats(state);
            int hAt = workspace.at(state);
            float[] u = workspace.floats(products);
            int uAt = workspace.at(products);
            kernels.multiply(rows, h, hAt, units, recurrentKernel, biases, width, 0, u, uAt, width);
            for (int row = 0; row < rows; row++) {
                add(x, xAt + row * xStride, u, uAt + row * width, 2 * units);
            }
            recurrentActivation.applyTo(kernels, x, xAt, rows, xStride, units);
            recurrentActivation.applyTo(kernels, x, xAt + units, rows, xStride, units);
            for (int row = 0; row < rows; row++) {
                reset(x, xAt + row * xStride, u, uAt + row * width + 2 * units);
            }
            activation.applyTo(kernels, x, xAt + 2 * units, rows, xStride, units);
            for (int row = 0; row < rows; row++) {
                mix(x, xAt + row * xStride, h, hAt + row * units);
            }
        };
    }

    private RecurrentStep stepResetBefore(Binding binding, String owner, Slot state) {
        PackedMatrix gateKernel = binding.shared(
                owner + "gate_kernel",
                () -> PackedMatrix.pack(
                        binding.weight(owner + "recurrent_kernel"), units, GATES * units, 0, 2 * units));
        PackedMatrix candidateKernel = binding.shared(
                owner + "candidate_kernel",
                () -> PackedMatrix.pack(
                        binding.weight(owner + "recurrent_kernel"), units, GATES * units, 2 * units, units));
        Slot resetState = binding.scratch(units);
        return (workspace, rows, x, xAt, xStride) -> {
            var kernels = workspace.kernels();
            float[] h = workspace.floats(state);
            int hAt = workspace.at(state);
            float[] rh = workspace.floats(resetState);
            int rhAt = workspace.at(resetState);
            kernels.multiply(rows, h, hAt, units, gateKernel, x, xAt, xStride, x, xAt, xStride);
            recurrentActivation.applyTo(kernels, x, xAt, rows, xStride, units);
            recurrentActivation.applyTo(kernels, x, xAt + units, rows, xStride, units);
            for (int row = 0; row < rows; row++) {
                product(x, xAt + row * xStride + units, h, hAt + row * units, rh, rhAt + row * units);
            }
            int candidateAt = xAt + 2 * units;
            kernels.multiply(rows, rh, rhAt, units, candidateKernel, x, candidateAt, xStride, x, candidateAt, xStride);
            activation.applyTo(kernels, x, candidateAt, rows, xStride, units);
            for (int row = 0; row < rows; row++) {
                mix(x, xAt + row * xStride, h, hAt + row * units);
            }
        };
    }

    private static void add(float[] x, int xAt, float[] u, int uAt, int length) {
        for (int j = 0; j < length; j++) {
            x[xAt + j] += u[uAt + j];
        }
    }

    /** {@code x_h += r u_h}; r stands one gate after the row's beginning, x_h two. */
    private void reset(float[] x, int xAt, float[] u, int uAt) {
        int r = xAt + units;
        int candidate = r + units;
        for (int j = 0; j < units; j++) {
            x[candidate + j] = Arithmetic.fma(x[r + j], u[uAt + j], x[candidate + j]);
        }
    }

    private void product(float[] x, int rAt, float[] h, int hAt, float[] rh, int rhAt) {
        for (int j = 0; j < units; j++) {
            rh[rhAt + j] = x[rAt + j] * h[hAt + j];
        }
    }

    /** {@code h = z h + (1 - z) n}; z stands at the row's beginning, n two gates after. */
    private void mix(float[] x, int xAt, float[] h, int hAt) {
        int candidate = xAt + 2 * units;
        for (int j = 0; j < units; j++) {
            float z = x[xAt + j];
            h[hAt + j] = Arithmetic.fma(z, h[hAt + j], (1 - z) * x[candidate + j]);
        }
    }

    @Override
    public TrainedStep trainedStep(TrainingBinding binding, String owner, Tape tape) {
        return resetAfter
                ? new TrainedGruResetAfter(this, binding, owner, tape)
                : new TrainedGruResetBefore(this, binding, owner, tape);
    }
}
