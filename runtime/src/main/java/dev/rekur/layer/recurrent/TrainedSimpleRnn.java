package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.kernel.ActivationGradient;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import java.util.Arrays;

/**
 * {@link SimpleRnn}'s step in training. The tape's projected input holds {@code z} where the activation's adjoint needs it, and
 * {@code dz} after backward.
 */
final class TrainedSimpleRnn implements TrainedStep {
    private final Activation activation;
    private final boolean keepsPreActivation;
    private final Tape tape;
    private final int units;
    private final GateProduct recurrent;
    private final BiasGradient bias;

    TrainedSimpleRnn(SimpleRnn layer, TrainingBinding binding, String owner, Tape tape) {
        this.activation = layer.activation();
        this.keepsPreActivation = ActivationGradient.needsInput(activation);
        this.tape = tape;
        this.units = layer.units();
        this.recurrent = new GateProduct(
                binding, owner + "recurrent_kernel", 0, units, layer.options().recurrentDropout(), 1, tape.time());
        this.bias = new BiasGradient(layer.useBias() ? binding.gradient(owner + "bias") : null);
    }

    @Override
    public void draw(TrainingWorkspace workspace, int rows) {
        recurrent.draw(workspace, rows);
    }

    @Override
    public void forward(TrainingWorkspace workspace, int rows, int step) {
        float[] h = workspace.floats(tape.states().get(0));
        int start = tape.stateAt(workspace, 0, rows, 0);
        int offset = step * rows * units;
        int after = start + offset + rows * units;
        float[] z = workspace.floats(tape.projected());
        int zAt = tape.projectedAt(workspace, rows, step);
        recurrent.drop(workspace, rows, h, start, offset, 0, 1);
        recurrent.multiply(workspace, rows, h, start, offset, units, z, zAt, units, h, after, units);
        if (keepsPreActivation) {
            System.arraycopy(h, after, z, zAt, rows * units);
        }
        activation.applyTo(workspace.kernels(), h, after, rows, units, units);
    }

    @Override
    public void backward(TrainingWorkspace workspace, int rows, int step, float[] more, int moreAt, int moreStride) {
        Slot state = tape.states().get(0);
        Slot gradient = tape.gradients().get(0);
        float[] dh = workspace.floats(gradient);
        int dhAt = workspace.at(gradient);
        float[] z = workspace.floats(tape.projected());
        int zAt = tape.projectedAt(workspace, rows, step);
        float[] saved = keepsPreActivation ? z : workspace.floats(state);
        int savedAt = keepsPreActivation ? zAt : tape.stateAt(workspace, 0, rows, step + 1);
        ActivationGradient.apply(activation, workspace.kernels(), saved, savedAt, units, dh, dhAt, units, rows, units);
        System.arraycopy(dh, dhAt, z, zAt, rows * units);
        recurrent.propagate(workspace, rows, z, zAt, units, more, moreAt, moreStride, dh, dhAt, units, 0, 1);
    }

    @Override
    public void silence(TrainingWorkspace workspace, int rows, int step, int row) {
        int at = tape.projectedAt(workspace, rows, step) + row * units;
        Arrays.fill(workspace.floats(tape.projected()), at, at + units, 0f);
    }

    @Override
    public void addGradients(TrainingWorkspace workspace, int rows) {
        float[] dz = workspace.floats(tape.projected());
        int dzAt = tape.projectedAt(workspace, rows, 0);
        int vectors = tape.time() * rows;
        bias.add(workspace, vectors, dz, dzAt, units, units, 0);
        float[] h = workspace.floats(tape.states().get(0));
        recurrent.addGradient(workspace, vectors, h, tape.stateAt(workspace, 0, rows, 0), 0, units, dz, dzAt, units);
    }
}
