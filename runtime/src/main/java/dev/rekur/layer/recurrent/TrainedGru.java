package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.kernel.Arithmetic;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What both forms of {@link Gru} share in training. The tape's projected input holds {@code z, r, n} after forward, {@code dx_z,
 * dx_r, dx_h} after backward.
 */
abstract class TrainedGru implements TrainedStep {
    final Tape tape;
    final int units;
    final int width;
    private final Activation activation;
    private final Activation recurrentActivation;
    /** What activations are applied to, of each step, where an adjoint needs it. */
    private final @Nullable Slot preActivations;
    /** {@code dz, dr, dn} of one step. */
    final Slot gateGradients;

    TrainedGru(Gru layer, TrainingBinding binding, Tape tape) {
        this.activation = layer.activation();
        this.recurrentActivation = layer.recurrentActivation();
        this.tape = tape;
        this.units = layer.units();
        this.width = tape.width();
        boolean needsInput =
                ActivationGradient.needsInput(activation) || ActivationGradient.needsInput(recurrentActivation);
        this.preActivations = needsInput ? binding.saved(Math.multiplyExact(tape.time(), width)) : null;
        this.gateGradients = binding.adjointScratch(width);
    }

    /** Activates a gate of a step, after keeping what that needs. */
    final void activate(TrainingWorkspace workspace, int rows, int step, int gate) {
        float[] x = workspace.floats(tape.projected());
        int at = tape.projectedAt(workspace, rows, step) + gate * units;
        if (preActivations != null) {
            float[] kept = workspace.floats(preActivations);
            int keptAt = workspace.at(preActivations) + step * rows * width + gate * units;
            for (int row = 0; row < rows; row++) {
                System.arraycopy(x, at + row * width, kept, keptAt + row * width, units);
            }
        }
        ofGate(gate).applyTo(workspace.kernels(), x, at, rows, width, units);
    }

    /** Takes a gate's gradient of a step through its activation. */
    final void deactivate(TrainingWorkspace workspace, int rows, int step, int gate) {
        Slot kept = preActivations != null && ActivationGradient.needsInput(ofGate(gate))
                ? preActivations
                : tape.projected();
        ActivationGradient.apply(
                ofGate(gate),
                workspace.kernels(),
                workspace.floats(kept),
                workspace.at(kept) + step * rows * width + gate * units,
                width,
                workspace.floats(gateGradients),
                workspace.at(gateGradients) + gate * units,
                width,
                rows,
                units);
    }

    private Activation ofGate(int gate) {
        return gate == 2 ? activation : recurrentActivation;
    }

    /** {@code h = z h[t-1] + (1 - z) n}. */
    final void mix(TrainingWorkspace workspace, int rows, int step) {
        float[] x = workspace.floats(tape.projected());
        float[] h = workspace.floats(tape.states().get(0));
        int before = tape.stateAt(workspace, 0, rows, step);
        int after = before + rows * units;
        for (int row = 0; row < rows; row++) {
            int z = tape.projectedAt(workspace, rows, step) + row * width;
            int n = z + 2 * units;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                h[after + at + j] = Arithmetic.fma(x[z + j], h[before + at + j], (1 - x[z + j]) * x[n + j]);
            }
        }
    }

    /** {@code dz = (h[t-1] - n) dh}, {@code dn = (1 - z) dh}, {@code dh[t-1] = z dh}; and dn through its activation. */
    final void unmix(TrainingWorkspace workspace, int rows, int step) {
        float[] x = workspace.floats(tape.projected());
        float[] h = workspace.floats(tape.states().get(0));
        int before = tape.stateAt(workspace, 0, rows, step);
        float[] dh = workspace.floats(tape.gradients().get(0));
        int dhAt = workspace.at(tape.gradients().get(0));
        float[] d = workspace.floats(gateGradients);
        for (int row = 0; row < rows; row++) {
            int z = tape.projectedAt(workspace, rows, step) + row * width;
            int to = workspace.at(gateGradients) + row * width;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                float gradient = dh[dhAt + at + j];
                d[to + j] = gradient * (h[before + at + j] - x[z + 2 * units + j]);
                d[to + 2 * units + j] = gradient * (1 - x[z + j]);
                dh[dhAt + at + j] = gradient * x[z + j];
            }
        }
        deactivate(workspace, rows, step, 2);
    }

    /** Adds to the gradient with respect to the state. */
    final void addMore(TrainingWorkspace workspace, int rows, float[] more, int moreAt, int moreStride) {
        Slot gradient = tape.gradients().get(0);
        float[] dh = workspace.floats(gradient);
        int dhAt = workspace.at(gradient);
        for (int row = 0; row < rows; row++) {
            workspace.kernels().add(more, moreAt + row * moreStride, dh, dhAt + row * units, units);
        }
    }

    /** Leaves the gradients of a step where its projected input was. */
    final void store(TrainingWorkspace workspace, int rows, int step) {
        System.arraycopy(
                workspace.floats(gateGradients),
                workspace.at(gateGradients),
                workspace.floats(tape.projected()),
                tape.projectedAt(workspace, rows, step),
                rows * width);
    }

    @Override
    public void silence(TrainingWorkspace workspace, int rows, int step, int row) {
        int at = tape.projectedAt(workspace, rows, step) + row * width;
        Arrays.fill(workspace.floats(tape.projected()), at, at + width, 0f);
    }
}
