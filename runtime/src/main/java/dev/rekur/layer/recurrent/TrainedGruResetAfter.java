package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import java.util.Arrays;

/** {@link Gru} with the reset gate after the product, in training: {@code n = a(x_h + r u)} with {@code u = h[t-1] U_h + b_u}. */
final class TrainedGruResetAfter extends TrainedGru {
    private final GateProduct gates;
    private final GateProduct candidate;
    private final BiasGradient bias;
    private final float[] biases;
    /** {@code u} of each step after forward, the gradient with respect to it after backward. */
    private final Slot products;
    /** {@code h[t-1] U + b} of the gates, in the order of summation that inference has. */
    private final Slot sums;

    TrainedGruResetAfter(Gru layer, TrainingBinding binding, String owner, Tape tape) {
        super(layer, binding, tape);
        String kernel = owner + "recurrent_kernel";
        double rate = layer.options().recurrentDropout();
        this.gates = new GateProduct(binding, kernel, 0, 2 * units, rate, 2, tape.time());
        this.candidate = new GateProduct(binding, kernel, 2 * units, units, rate, 1, tape.time());
        this.bias = new BiasGradient(layer.useBias() ? binding.gradient(owner + "bias") : null);
        this.biases = layer.useBias() ? binding.padded(owner + "bias") : new float[2 * width + Workspace.SLACK];
        this.products = binding.saved(Math.multiplyExact(tape.time(), units));
        this.sums = binding.scratch(2 * units);
    }

    @Override
    public void draw(TrainingWorkspace workspace, int rows) {
        gates.draw(workspace, rows);
        candidate.draw(workspace, rows);
    }

    private int productsAt(TrainingWorkspace workspace, int rows, int step) {
        return workspace.at(products) + step * rows * units;
    }

    @Override
    public void forward(TrainingWorkspace workspace, int rows, int step) {
        float[] h = workspace.floats(tape.states().get(0));
        int start = tape.stateAt(workspace, 0, rows, 0);
        int offset = step * rows * units;
        float[] x = workspace.floats(tape.projected());
        int xAt = tape.projectedAt(workspace, rows, step);
        float[] u = workspace.floats(products);
        int uAt = productsAt(workspace, rows, step);
        gates.drop(workspace, rows, h, start, offset, 0, 1);
        candidate.drop(workspace, rows, h, start, offset, 0, 1);
        float[] gateSums = workspace.floats(sums);
        int sumsAt = workspace.at(sums);
        gates.multiply(workspace, rows, h, start, offset, units, biases, width, 0, gateSums, sumsAt, 2 * units);
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < 2 * units; j++) {
                x[xAt + row * width + j] += gateSums[sumsAt + row * 2 * units + j];
            }
        }
        candidate.multiply(workspace, rows, h, start, offset, units, biases, width, 0, u, uAt - 2 * units, units);
        activate(workspace, rows, step, 0);
        activate(workspace, rows, step, 1);
        for (int row = 0; row < rows; row++) {
            int r = xAt + row * width + units;
            int at = uAt + row * units;
            for (int j = 0; j < units; j++) {
                x[r + units + j] = Arithmetic.fma(x[r + j], u[at + j], x[r + units + j]);
            }
        }
        activate(workspace, rows, step, 2);
        mix(workspace, rows, step);
    }

    @Override
    public void backward(TrainingWorkspace workspace, int rows, int step, float[] more, int moreAt, int moreStride) {
        unmix(workspace, rows, step);
        float[] d = workspace.floats(gateGradients);
        int dAt = workspace.at(gateGradients);
        float[] x = workspace.floats(tape.projected());
        int xAt = tape.projectedAt(workspace, rows, step);
        float[] u = workspace.floats(products);
        int uAt = productsAt(workspace, rows, step);
        for (int row = 0; row < rows; row++) {
            int r = row * width + units;
            int at = uAt + row * units;
            for (int j = 0; j < units; j++) {
                float dn = d[dAt + r + units + j];
                d[dAt + r + j] = dn * u[at + j];
                u[at + j] = dn * x[xAt + r + j];
            }
        }
        deactivate(workspace, rows, step, 0);
        deactivate(workspace, rows, step, 1);
        store(workspace, rows, step);
        float[] dh = workspace.floats(tape.gradients().get(0));
        int dhAt = workspace.at(tape.gradients().get(0));
        gates.propagate(workspace, rows, d, dAt, width, dh, dhAt, units, dh, dhAt, units, 0, 1);
        candidate.propagate(workspace, rows, u, uAt - 2 * units, units, dh, dhAt, units, dh, dhAt, units, 0, 1);
        addMore(workspace, rows, more, moreAt, moreStride);
    }

    @Override
    public void silence(TrainingWorkspace workspace, int rows, int step, int row) {
        super.silence(workspace, rows, step, row);
        int at = productsAt(workspace, rows, step) + row * units;
        Arrays.fill(workspace.floats(products), at, at + units, 0f);
    }

    @Override
    public void addGradients(TrainingWorkspace workspace, int rows) {
        float[] dz = workspace.floats(tape.projected());
        int dzAt = tape.projectedAt(workspace, rows, 0);
        float[] du = workspace.floats(products);
        int duAt = productsAt(workspace, rows, 0);
        int vectors = tape.time() * rows;
        bias.add(workspace, vectors, dz, dzAt, width, width, 0);
        bias.add(workspace, vectors, dz, dzAt, width, 2 * units, width);
        bias.add(workspace, vectors, du, duAt, units, units, width + 2 * units);
        float[] h = workspace.floats(tape.states().get(0));
        int hAt = tape.stateAt(workspace, 0, rows, 0);
        gates.addGradient(workspace, vectors, h, hAt, 0, units, dz, dzAt, width);
        candidate.addGradient(workspace, vectors, h, hAt, 0, units, du, duAt - 2 * units, units);
    }
}
