package dev.rekur.layer;

import dev.rekur.kernel.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The adjoint of {@code z = x W + b}: {@code dW += x^T dz}, {@code db += sum of dz}, {@code dx = dz W^T}. Layers decide where
 * vectors lie and how many there are; what is not trained is not computed.
 */
public final class LinearAdjoint {
    /** An input of 1, whose gradient product is a plain sum. */
    private static final float[] ONE = {1f};

    private final int inputs;
    private final int columns;
    private final PackedMatrix transposed;
    private final @Nullable WeightGradient kernelGradient;
    private final @Nullable WeightGradient biasGradient;
    private final float[] zeros;

    private LinearAdjoint(
            int inputs,
            int columns,
            PackedMatrix transposed,
            @Nullable WeightGradient kernelGradient,
            @Nullable WeightGradient biasGradient) {
        this.inputs = inputs;
        this.columns = columns;
        this.transposed = transposed;
        this.kernelGradient = kernelGradient;
        this.biasGradient = biasGradient;
        this.zeros = new float[inputs + Workspace.SLACK];
    }

    /**
     * Binds the adjoint.
     *
     * @param kernel path of {@code W}, {@code [inputs, columns]}
     * @param bias path of {@code b}, or null if there is none
     */
    public static LinearAdjoint of(TrainingBinding binding, String kernel, @Nullable String bias) {
        int[] shape = binding.weight(kernel).shape().dimensions();
        return new LinearAdjoint(
                shape[0],
                shape[1],
                binding.packedTransposed(kernel),
                binding.gradient(kernel),
                bias == null ? null : binding.gradient(bias));
    }

    /** Length of {@code x}. */
    public int inputs() {
        return inputs;
    }

    /** Length of {@code z}. */
    public int columns() {
        return columns;
    }

    /**
     * Adds to the gradients of kernel and bias.
     *
     * @param vectors how many {@code x} and {@code dz} there are; strides are distances from one to the next
     */
    public void weights(
            TrainingWorkspace workspace,
            int vectors,
            float[] x,
            int xAt,
            int xStride,
            float[] dz,
            int dzAt,
            int dzStride) {
        kernel(workspace, vectors, x, xAt, xStride, dz, dzAt, dzStride);
        bias(workspace, vectors, dz, dzAt, dzStride);
    }

    /** Adds to the gradient of the kernel. */
    public void kernel(
            TrainingWorkspace workspace,
            int vectors,
            float[] x,
            int xAt,
            int xStride,
            float[] dz,
            int dzAt,
            int dzStride) {
        if (kernelGradient != null) {
            float[] gradient = workspace.gradient(kernelGradient);
            workspace
                    .kernels()
                    .addTransposedProduct(
                            vectors, x, xAt, xStride, inputs, dz, dzAt, dzStride, columns, gradient, 0, columns);
        }
    }

    /** Adds to the gradient of the bias. */
    public void bias(TrainingWorkspace workspace, int vectors, float[] dz, int dzAt, int dzStride) {
        if (biasGradient != null) {
            float[] gradient = workspace.gradient(biasGradient);
            workspace
                    .kernels()
                    .addTransposedProduct(vectors, ONE, 0, 0, 1, dz, dzAt, dzStride, columns, gradient, 0, columns);
        }
    }

    /** Writes the gradient with respect to the input. */
    public void input(
            TrainingWorkspace workspace,
            int vectors,
            float[] dz,
            int dzAt,
            int dzStride,
            float[] dx,
            int dxAt,
            int dxStride) {
        workspace.kernels().multiply(vectors, dz, dzAt, dzStride, transposed, zeros, 0, 0, dx, dxAt, dxStride);
    }
}
