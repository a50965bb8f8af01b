package dev.rekur.layer.recurrent;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The projection of a float input by a layer's {@code kernel}; adjoint: {@code dW += x^T dz}, {@code dx = dz W^T}. */
final class TrainedDenseProjection implements TrainedProjection {
    private final GateProduct product;
    private final float[] bias;
    private final Slot input;
    private final @Nullable Slot inputGradient;
    private final int time;
    private final int features;
    private final float[] zeros;

    /**
     * @param inputGradient where the gradient with respect to the input is written, or null if nobody asks
     */
    TrainedDenseProjection(TrainingBinding binding, SequenceLayer.Cell cell, @Nullable Slot inputGradient) {
        RecurrentLayer layer = cell.layer();
        this.time = binding.inputShape(0).dimension(1);
        int masks = layer.options().recurrentDropout() > 0 ? layer.gates() : 1;
        this.product = new GateProduct(
                binding,
                cell.owner() + "kernel",
                0,
                layer.gates() * layer.units(),
                layer.options().dropout(),
                masks,
                time);
        this.features = product.inputs();
        this.zeros = new float[features + Workspace.SLACK];
        this.bias = layer.inputBias(binding, cell.owner());
        this.input = binding.keep(binding.input(0));
        this.inputGradient = inputGradient;
    }

    @Override
    public List<TrainingOperation> before() {
        return List.of();
    }

    /** Where the vector of the tape's first step begins, from the beginning of the input on. */
    private int first(int row, boolean backwards) {
        return (row * time + (backwards ? time - 1 : 0)) * features;
    }

    @Override
    public void project(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards) {
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] z = workspace.floats(tape.projected());
        product.draw(workspace, rows);
        for (int row = 0; row < rows; row++) {
            product.drop(workspace, time, x, xAt, row * time * features, row, 0);
            product.multiply(
                    workspace,
                    time,
                    x,
                    xAt,
                    first(row, backwards),
                    backwards ? -features : features,
                    bias,
                    0,
                    0,
                    z,
                    tape.projectedAt(workspace, rows, 0) + row * tape.width(),
                    rows * tape.width());
        }
    }

    @Override
    public void adjoint(TrainingWorkspace workspace, int rows, Tape tape, boolean backwards) {
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] dz = workspace.floats(tape.projected());
        int stride = backwards ? -features : features;
        for (int row = 0; row < rows; row++) {
            int dzAt = tape.projectedAt(workspace, rows, 0) + row * tape.width();
            int first = first(row, backwards);
            product.addGradient(workspace, time, x, xAt, first, stride, dz, dzAt, rows * tape.width());
            if (inputGradient != null) {
                product.propagate(
                        workspace,
                        time,
                        dz,
                        dzAt,
                        rows * tape.width(),
                        zeros,
                        0,
                        0,
                        workspace.floats(inputGradient),
                        workspace.at(inputGradient) + first,
                        stride,
                        row,
                        0);
            }
        }
    }

    @Override
    public List<TrainingOperation> after(Tape tape, boolean backwards) {
        return List.of();
    }
}
