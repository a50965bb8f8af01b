package dev.rekur.layer.recurrent;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;

/** {@link Gru} with the reset gate before the product, in training: {@code n = a(x_h + (r h[t-1]) U_h)}. */
final class TrainedGruResetBefore extends TrainedGru {
    private final GateProduct gates;
    private final GateProduct candidate;
    private final BiasGradient bias;
    /** {@code r h[t-1]} of each step. */
    private final Slot resetStates;
    /** The gradient with respect to it, of one step. */
    private final Slot resetGradient;

    private final float[] zeros;

    TrainedGruResetBefore(Gru layer, TrainingBinding binding, String owner, Tape tape) {
        super(layer, binding, tape);
        String kernel = owner + "recurrent_kernel";
        double rate = layer.options().recurrentDropout();
        this.gates = new GateProduct(binding, kernel, 0, 2 * units, rate, 2, tape.time());
        this.candidate = new GateProduct(binding, kernel, 2 * units, units, rate, 1, tape.time());
        this.bias = new BiasGradient(layer.useBias() ? binding.gradient(owner + "bias") : null);
        this.resetStates = binding.saved(Math.multiplyExact(tape.time(), units));
        this.resetGradient = binding.adjointScratch(units);
        this.zeros = new float[units + Workspace.SLACK];
    }

    @Override
    public void draw(TrainingWorkspace workspace, int rows) {
        gates.draw(workspace, rows);
        candidate.draw(workspace, rows);
    }

    @Override
    public void forward(TrainingWorkspace workspace, int rows, int step) {
        float[] h = workspace.floats(tape.states().get(0));
        int start = tape.stateAt(workspace, 0, rows, 0);
        int offset = step * rows * units;
        float[] x = workspace.floats(tape.projected());
        int xAt = tape.projectedAt(workspace, rows, step);
        gates.drop(workspace, rows, h, start, offset, 0, 1);
        gates.multiply(workspace, rows, h, start, offset, units, x, xAt, width, x, xAt, width);
        activate(workspace, rows, step, 0);
        activate(workspace, rows, step, 1);
        float[] rh = workspace.floats(resetStates);
        int rhStart = workspace.at(resetStates);
        for (int row = 0; row < rows; row++) {
            int r = xAt + row * width + units;
            int at = offset + row * units;
            for (int j = 0; j < units; j++) {
                rh[rhStart + at + j] = x[r + j] * h[start + at + j];
            }
        }
        candidate.drop(workspace, rows, rh, rhStart, offset, 0, 1);
        candidate.multiply(workspace, rows, rh, rhStart, offset, units, x, xAt, width, x, xAt, width);
        activate(workspace, rows, step, 2);
        mix(workspace, rows, step);
    }

    @Override
    public void backward(TrainingWorkspace workspace, int rows, int step, float[] more, int moreAt, int moreStride) {
        unmix(workspace, rows, step);
        float[] d = workspace.floats(gateGradients);
        int dAt = workspace.at(gateGradients);
        float[] drh = workspace.floats(resetGradient);
        int drhAt = workspace.at(resetGradient);
        candidate.propagate(workspace, rows, d, dAt, width, zeros, 0, 0, drh, drhAt, units, 0, 1);
        float[] x = workspace.floats(tape.projected());
        int xAt = tape.projectedAt(workspace, rows, step);
        float[] h = workspace.floats(tape.states().get(0));
        int hAt = tape.stateAt(workspace, 0, rows, step);
        float[] dh = workspace.floats(tape.gradients().get(0));
        int dhAt = workspace.at(tape.gradients().get(0));
        for (int row = 0; row < rows; row++) {
            int r = row * width + units;
            int at = row * units;
            for (int j = 0; j < units; j++) {
                float gradient = drh[drhAt + at + j];
                d[dAt + r + j] = gradient * h[hAt + at + j];
                dh[dhAt + at + j] += gradient * x[xAt + r + j];
            }
        }
        deactivate(workspace, rows, step, 0);
        deactivate(workspace, rows, step, 1);
        store(workspace, rows, step);
        gates.propagate(workspace, rows, d, dAt, width, dh, dhAt, units, dh, dhAt, units, 0, 1);
        addMore(workspace, rows, more, moreAt, moreStride);
    }

    @Override
    public void addGradients(TrainingWorkspace workspace, int rows) {
        float[] dz = workspace.floats(tape.projected());
        int dzAt = tape.projectedAt(workspace, rows, 0);
        int vectors = tape.time() * rows;
        bias.add(workspace, vectors, dz, dzAt, width, width, 0);
        float[] h = workspace.floats(tape.states().get(0));
        gates.addGradient(workspace, vectors, h, tape.stateAt(workspace, 0, rows, 0), 0, units, dz, dzAt, width);
        float[] rh = workspace.floats(resetStates);
        candidate.addGradient(workspace, vectors, rh, workspace.at(resetStates), 0, units, dz, dzAt, width);
    }
}
