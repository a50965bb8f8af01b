package dev.rekur.layer.recurrent;

import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.DropoutMask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A product {@code z += x W} in training, with its adjoint, where {@code W} holds the weights of several gates side by side.
 * With dropout, {@code x} is silenced in part before: alike for all gates, or for each gate by a mask of its own.
 *
 * <p>Vectors may lie in any order; what is kept of them lies as they do.
 */
final class GateProduct {
    /**
     * Gates that see the same {@code x}.
     *
     * @param firstColumn where in {@code z} and {@code W} they begin
     * @param mask what dropout leaves, or null
     * @param dropped {@code x} as dropout leaves it, or null
     */
    private record Gates(
            int firstColumn,
            int columns,
            PackedMatrix kernel,
            PackedMatrix transposed,
            @Nullable DropoutMask mask,
            @Nullable Slot dropped) {}

    private final Gates[] gates; // an array: an iterator would be allocated in each step
    private final int inputs;
    private final int width;
    private final @Nullable WeightGradient gradient;
    private final float[] zeros;
    private final @Nullable Slot part;

    /**
     * @param path of {@code W}, {@code [inputs, width]}
     * @param columns of {@code W} that take part, from {@code firstColumn} on
     * @param rate of the dropout
     * @param masks how many masks are drawn, each for an equal share of the columns
     * @param vectors how many {@code x} a row of the batch has
     */
    GateProduct(
            TrainingBinding binding, String path, int firstColumn, int columns, double rate, int masks, int vectors) {
        int[] shape = binding.weight(path).shape().dimensions();
        this.inputs = shape[0];
        this.width = shape[1];
        this.gradient = binding.gradient(path);
        this.zeros = new float[inputs + Workspace.SLACK];
        int groups = rate > 0 ? masks : 1;
        int share = columns / groups;
        this.gates = new Gates[groups];
        for (int group = 0; group < groups; group++) {
            int first = firstColumn + group * share;
            gates[group] = new Gates(
                    first,
                    share,
                    binding.packed(path, first, share),
                    binding.packedTransposed(path, first, share),
                    rate > 0 ? DropoutMask.bind(binding, rate, inputs, List.of()) : null,
                    rate > 0 ? binding.saved(Math.multiplyExact(vectors, inputs)) : null);
        }
        this.part = rate > 0 ? binding.adjointScratch(Math.multiplyExact(vectors, inputs)) : null;
    }

    int inputs() {
        return inputs;
    }

    /** Draws what dropout silences in this step of the training. */
    void draw(TrainingWorkspace workspace, int rows) {
        for (Gates group : gates) {
            if (group.mask() != null) {
                group.mask().draw(workspace, rows);
            }
        }
    }

    /**
     * Silences vectors that lie side by side; nothing without dropout.
     *
     * @param at where {@code x} as a whole begins
     * @param offset of the first vector from there
     * @param row row of the batch that the first vector belongs to
     * @param rowStep 0 if all belong to that row, 1 if each belongs to the next
     */
    void drop(TrainingWorkspace workspace, int vectors, float[] x, int at, int offset, int row, int rowStep) {
        for (Gates group : gates) {
            Slot dropped = group.dropped();
            if (group.mask() != null && dropped != null) {
                float[] kept = workspace.floats(dropped);
                int to = workspace.at(dropped) + offset;
                for (int v = 0; v < vectors; v++) {
                    for (int j = 0; j < inputs; j++) {
                        kept[to + v * inputs + j] =
                                x[at + offset + v * inputs + j] * group.mask().factor(workspace, row + v * rowStep, j);
                    }
                }
            }
        }
    }

    /** {@code z = init + x W}; {@code init} may be {@code z}. Strides lead from one vector to the next. */
    void multiply(
            TrainingWorkspace workspace,
            int vectors,
            float[] x,
            int at,
            int offset,
            int stride,
            float[] init,
            int initAt,
            int initStride,
            float[] z,
            int zAt,
            int zStride) {
        for (Gates group : gates) {
            Slot dropped = group.dropped();
            int first = group.firstColumn();
            workspace
                    .kernels()
                    .multiply(
                            vectors,
                            dropped == null ? x : workspace.floats(dropped),
                            (dropped == null ? at : workspace.at(dropped)) + offset,
                            stride,
                            group.kernel(),
                            init,
                            initAt + first,
                            initStride,
                            z,
                            zAt + first,
                            zStride);
        }
    }

    /** Adds {@code x^T dz} to the gradient of {@code W}. */
    void addGradient(
            TrainingWorkspace workspace,
            int vectors,
            float[] x,
            int at,
            int offset,
            int stride,
            float[] dz,
            int dzAt,
            int dzStride) {
        if (gradient == null) {
            return;
        }
        for (Gates group : gates) {
            Slot dropped = group.dropped();
            workspace
                    .kernels()
                    .addTransposedProduct(
                            vectors,
                            dropped == null ? x : workspace.floats(dropped),
                            (dropped == null ? at : workspace.at(dropped)) + offset,
                            stride,
                            inputs,
                            dz,
                            dzAt + group.firstColumn(),
                            dzStride,
                            group.columns(),
                            workspace.gradient(gradient),
                            group.firstColumn(),
                            width);
        }
    }

    /**
     * The gradient with respect to {@code x}: {@code dx = init + dz W^T}; {@code init} may be {@code dx}.
     *
     * @param row as for {@link #drop}
     */
    void propagate(
            TrainingWorkspace workspace,
            int vectors,
            float[] dz,
            int dzAt,
            int dzStride,
            float[] init,
            int initAt,
            int initStride,
            float[] dx,
            int dxAt,
            int dxStride,
            int row,
            int rowStep) {
        for (int g = 0; g < gates.length; g++) {
            Gates group = gates[g];
            boolean first = g == 0;
            int from = dzAt + group.firstColumn();
            if (group.mask() == null || part == null) {
                workspace
                        .kernels()
                        .multiply(
                                vectors,
                                dz,
                                from,
                                dzStride,
                                group.transposed(),
                                first ? init : dx,
                                first ? initAt : dxAt,
                                first ? initStride : dxStride,
                                dx,
                                dxAt,
                                dxStride);
                continue;
            }
            float[] p = workspace.floats(part);
            int pAt = workspace.at(part);
            workspace.kernels().multiply(vectors, dz, from, dzStride, group.transposed(), zeros, 0, 0, p, pAt, inputs);
            for (int v = 0; v < vectors; v++) {
                for (int j = 0; j < inputs; j++) {
                    float value = p[pAt + v * inputs + j] * group.mask().factor(workspace, row + v * rowStep, j);
                    int to = dxAt + v * dxStride + j;
                    dx[to] = value + (first ? init[initAt + v * initStride + j] : dx[to]);
                }
            }
        }
    }
}
