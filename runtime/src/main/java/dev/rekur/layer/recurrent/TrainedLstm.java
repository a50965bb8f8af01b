package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.kernel.Arithmetic;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lstm}'s step in training. The tape's projected input holds the gates after forward, {@code dz} after backward; {@code
 * a(c)} is kept beside it.
 */
final class TrainedLstm implements TrainedStep {
    private final Activation activation;
    private final Activation recurrentActivation;
    private final Tape tape;
    private final int units;
    private final int width;
    private final GateProduct recurrent;
    private final BiasGradient bias;
    /** {@code a(c)} of each step. */
    private final Slot activated;
    /** {@code z} of each step, where an activation's adjoint needs it. */
    private final @Nullable Slot preActivations;
    /** Of one step. */
    private final Slot gateGradients;

    private final Slot activatedGradient;

    TrainedLstm(Lstm layer, TrainingBinding binding, String owner, Tape tape) {
        this.activation = layer.activation();
        this.recurrentActivation = layer.recurrentActivation();
        this.tape = tape;
        this.units = layer.units();
        this.width = tape.width();
        this.recurrent = new GateProduct(
                binding,
                owner + "recurrent_kernel",
                0,
                width,
                layer.options().recurrentDropout(),
                Lstm.GATES,
                tape.time());
        this.bias = new BiasGradient(layer.useBias() ? binding.gradient(owner + "bias") : null);
        this.activated = binding.saved(Math.multiplyExact(tape.time(), units));
        boolean needsInput =
                ActivationGradient.needsInput(activation) || ActivationGradient.needsInput(recurrentActivation);
        this.preActivations = needsInput ? binding.saved(Math.multiplyExact(tape.time(), width)) : null;
        this.gateGradients = binding.adjointScratch(width);
        this.activatedGradient = binding.adjointScratch(units);
    }

    private Activation ofGate(int gate) {
        return gate == 2 ? activation : recurrentActivation;
    }

    @Override
    public void draw(TrainingWorkspace workspace, int rows) {
        recurrent.draw(workspace, rows);
    }

    @Override
    public void forward(TrainingWorkspace workspace, int rows, int step) {
        Kernels kernels = workspace.kernels();
        float[] h = workspace.floats(tape.states().get(0));
        int start = tape.stateAt(workspace, 0, rows, 0);
        int offset = step * rows * units;
        float[] z = workspace.floats(tape.projected());
        int zAt = tape.projectedAt(workspace, rows, step);
        recurrent.drop(workspace, rows, h, start, offset, 0, 1);
        recurrent.multiply(workspace, rows, h, start, offset, units, z, zAt, width, z, zAt, width);
        if (preActivations != null) {
            System.arraycopy(
                    z,
                    zAt,
                    workspace.floats(preActivations),
                    workspace.at(preActivations) + step * rows * width,
                    rows * width);
        }
        for (int gate = 0; gate < Lstm.GATES; gate++) {
            ofGate(gate).applyTo(kernels, z, zAt + gate * units, rows, width, units);
        }
        float[] c = workspace.floats(tape.states().get(1));
        int before = tape.stateAt(workspace, 1, rows, step);
        int after = before + rows * units;
        float[] a = workspace.floats(activated);
        int aAt = workspace.at(activated) + offset;
        for (int row = 0; row < rows; row++) {
            int i = zAt + row * width;
            int f = i + units;
            int candidate = f + units;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                float carry = Arithmetic.fma(z[f + j], c[before + at + j], z[i + j] * z[candidate + j]);
                c[after + at + j] = carry;
                a[aAt + at + j] = carry;
            }
        }
        activation.applyTo(kernels, a, aAt, rows, units, units);
        int hAt = start + offset + rows * units;
        for (int row = 0; row < rows; row++) {
            int o = zAt + row * width + 3 * units;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                h[hAt + at + j] = z[o + j] * a[aAt + at + j];
            }
        }
    }

    @Override
    public void backward(TrainingWorkspace workspace, int rows, int step, float[] more, int moreAt, int moreStride) {
        Kernels kernels = workspace.kernels();
        float[] dh = workspace.floats(tape.gradients().get(0));
        int dhAt = workspace.at(tape.gradients().get(0));
        float[] dz = workspace.floats(gateGradients);
        int dzAt = workspace.at(gateGradients);
        float[] z = workspace.floats(tape.projected());
        int zAt = tape.projectedAt(workspace, rows, step);
        passOutput(workspace, rows, step);
        passCarry(workspace, rows, step);
        float[] saved = preActivations == null ? z : workspace.floats(preActivations);
        int savedAt = preActivations == null ? zAt : workspace.at(preActivations) + step * rows * width;
        for (int gate = 0; gate < Lstm.GATES; gate++) {
            boolean needsInput = ActivationGradient.needsInput(ofGate(gate));
            ActivationGradient.apply(
                    ofGate(gate),
                    kernels,
                    needsInput ? saved : z,
                    (needsInput ? savedAt : zAt) + gate * units,
                    width,
                    dz,
                    dzAt + gate * units,
                    width,
                    rows,
                    units);
        }
        System.arraycopy(dz, dzAt, z, zAt, rows * width);
        recurrent.propagate(workspace, rows, z, zAt, width, more, moreAt, moreStride, dh, dhAt, units, 0, 1);
    }

    /** {@code do = a(c) dh}, {@code dc += o a'(c) dh}. */
    private void passOutput(TrainingWorkspace workspace, int rows, int step) {
        float[] dh = workspace.floats(tape.gradients().get(0));
        int dhAt = workspace.at(tape.gradients().get(0));
        float[] a = workspace.floats(activated);
        int aAt = workspace.at(activated) + step * rows * units;
        float[] da = workspace.floats(activatedGradient);
        int daAt = workspace.at(activatedGradient);
        float[] dz = workspace.floats(gateGradients);
        int dzAt = workspace.at(gateGradients);
        float[] z = workspace.floats(tape.projected());
        int zAt = tape.projectedAt(workspace, rows, step);
        for (int row = 0; row < rows; row++) {
            int at = row * units;
            int o = row * width + 3 * units;
            for (int j = 0; j < units; j++) {
                float gradient = dh[dhAt + at + j];
                dz[dzAt + o + j] = gradient * a[aAt + at + j];
                da[daAt + at + j] = gradient * z[zAt + o + j];
            }
        }
        boolean needsInput = ActivationGradient.needsInput(activation);
        ActivationGradient.apply(
                activation,
                workspace.kernels(),
                needsInput ? workspace.floats(tape.states().get(1)) : a,
                needsInput ? tape.stateAt(workspace, 1, rows, step + 1) : aAt,
                units,
                da,
                daAt,
                units,
                rows,
                units);
        float[] dc = workspace.floats(tape.gradients().get(1));
        int dcAt = workspace.at(tape.gradients().get(1));
        for (int i = 0; i < rows * units; i++) {
            dc[dcAt + i] += da[daAt + i];
        }
    }

    /** {@code df = c[t-1] dc}, {@code di = a(z_c) dc}, {@code da(z_c) = i dc}, {@code dc[t-1] = f dc}. */
    private void passCarry(TrainingWorkspace workspace, int rows, int step) {
        float[] c = workspace.floats(tape.states().get(1));
        int before = tape.stateAt(workspace, 1, rows, step);
        float[] dc = workspace.floats(tape.gradients().get(1));
        int dcAt = workspace.at(tape.gradients().get(1));
        float[] dz = workspace.floats(gateGradients);
        float[] z = workspace.floats(tape.projected());
        for (int row = 0; row < rows; row++) {
            int from = tape.projectedAt(workspace, rows, step) + row * width;
            int to = workspace.at(gateGradients) + row * width;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                float gradient = dc[dcAt + at + j];
                dz[to + j] = gradient * z[from + 2 * units + j];
                dz[to + units + j] = gradient * c[before + at + j];
                dz[to + 2 * units + j] = gradient * z[from + j];
                dc[dcAt + at + j] = gradient * z[from + units + j];
            }
        }
    }

    @Override
    public void silence(TrainingWorkspace workspace, int rows, int step, int row) {
        int at = tape.projectedAt(workspace, rows, step) + row * width;
        Arrays.fill(workspace.floats(tape.projected()), at, at + width, 0f);
    }

    @Override
    public void addGradients(TrainingWorkspace workspace, int rows) {
        float[] dz = workspace.floats(tape.projected());
        int dzAt = tape.projectedAt(workspace, rows, 0);
        int vectors = tape.time() * rows;
        bias.add(workspace, vectors, dz, dzAt, width, width, 0);
        float[] h = workspace.floats(tape.states().get(0));
        recurrent.addGradient(workspace, vectors, h, tape.stateAt(workspace, 0, rows, 0), 0, units, dz, dzAt, width);
    }
}
