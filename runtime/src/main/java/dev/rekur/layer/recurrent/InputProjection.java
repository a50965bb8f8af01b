package dev.rekur.layer.recurrent;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Slot;
import dev.rekur.layer.Workspace;

/** The part of a recurrent layer that does not recur: {@code z[t] = x[t] W + b}, for all steps at once. */
public interface InputProjection {
    /** Number of steps. */
    int time();

    /**
     * Projects all steps of all rows.
     *
     * @param z target; row {@code r}, position {@code p} begins at {@code zAt + (r * time + p) * zStride}
     * @param reversed whether position {@code p} is step {@code time - 1 - p} in place of {@code p}
     */
    void run(Workspace workspace, int rows, float[] z, int zAt, int zStride, boolean reversed);

    /** The projection of a float input by the layer's {@code kernel}: one matrix product over time. */
    static InputProjection dense(Binding binding, String owner, RecurrentLayer layer) {
        Slot input = binding.input(0);
        PackedMatrix kernel = binding.packed(owner + "kernel");
        float[] bias = layer.inputBias(binding, owner);
        int time = binding.inputShape(0).dimension(1);
        int features = kernel.rows();
        return new InputProjection() {
            @Override
            public int time() {
                return time;
            }

            @Override
            public void run(Workspace workspace, int rows, float[] z, int zAt, int zStride, boolean reversed) {
                float[] x = workspace.floats(input);
                int xAt = workspace.at(input);
                if (!reversed) {
                    workspace.kernels().multiply(rows * time, x, xAt, features, kernel, bias, 0, 0, z, zAt, zStride);
                    return;
                }
                for (int row = 0; row < rows; row++) {
                    int lastStep = xAt + (row * time + time - 1) * features;
                    int first = zAt + row * time * zStride;
                    workspace.kernels().multiply(time, x, lastStep, -features, kernel, bias, 0, 0, z, first, zStride);
                }
            }
        };
    }
}
