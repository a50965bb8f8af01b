package dev.rekur.layer.normalization;

import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import org.jspecify.annotations.Nullable;

/**
 * The adjoint of {@link LayerNormalization}, as its class doc has it. Mean and deviation are computed again from the input,
 * which costs less than keeping the normalized input.
 */
final class LayerNormalizationAdjoint implements TrainingOperation.EachShard {
    private final LayerNormalization layer;
    private final Axes.Groups groups;
    private final int perRow;
    private final Slot input;
    private final Slot outputGradient;
    private final @Nullable Slot inputGradient;
    private final float @Nullable [] gamma;
    private final @Nullable WeightGradient gammaGradient;
    private final @Nullable WeightGradient betaGradient;
    /** The normalized input of a group, then {@code gamma dy}, then {@code gamma dy xn}: what is summed up. */
    private final Slot work;

    private LayerNormalizationAdjoint(LayerNormalization layer, TrainingBinding binding, Slot outputGradient) {
        this.layer = layer;
        this.groups = Axes.groups(Axes.resolve(layer.axes(), binding.inputShape(0)), binding.inputShape(0));
        this.input = binding.keep(binding.input(0));
        this.perRow = groups.size() == 0 ? 0 : input.rowSize() / groups.size();
        this.outputGradient = outputGradient;
        this.inputGradient = binding.inputGradient(0);
        this.gamma = layer.hasGamma() ? binding.padded("gamma") : null;
        this.gammaGradient = layer.hasGamma() ? binding.gradient("gamma") : null;
        this.betaGradient = layer.hasBeta() ? binding.gradient("beta") : null;
        this.work = binding.adjointScratch(5 * groups.size());
    }

    static TrainingOperation.EachShard bind(LayerNormalization layer, TrainingBinding binding, Slot outputGradient) {
        return new LayerNormalizationAdjoint(layer, binding, outputGradient);
    }

    @Override
    public void run(TrainingWorkspace workspace, int rows) {
        float[] x = workspace.floats(input);
        float[] dy = workspace.floats(outputGradient);
        float[] w = workspace.floats(work);
        int size = groups.size();
        int normalized = workspace.at(work);
        int scaled = normalized + size;
        int gathered = scaled + 2 * size;
        for (int row = 0; row < rows; row++) {
            int rowAt = row * input.rowSize();
            for (int group = 0; group < perRow; group++) {
                int xAt = workspace.at(input) + rowAt;
                int dyAt = workspace.at(outputGradient) + rowAt;
                if (groups.contiguous()) {
                    adjoint(workspace, x, xAt + group * size, dy, dyAt + group * size, w, normalized, scaled);
                } else {
                    groups.gather(group, x, xAt, w, gathered);
                    groups.gather(group, dy, dyAt, w, gathered + size);
                    adjoint(workspace, w, gathered, w, gathered + size, w, normalized, scaled);
                }
                if (inputGradient != null) {
                    float[] dx = workspace.floats(inputGradient);
                    int dxAt = workspace.at(inputGradient) + rowAt;
                    if (groups.contiguous()) {
                        System.arraycopy(w, scaled, dx, dxAt + group * size, size);
                    } else {
                        groups.scatter(group, w, scaled, dx, dxAt);
                    }
                }
            }
        }
    }

    /** One group: leaves its dx at {@code scaled}, and adds to the gradients of gamma and beta. */
    private void adjoint(
            TrainingWorkspace workspace,
            float[] x,
            int xAt,
            float[] dy,
            int dyAt,
            float[] w,
            int normalized,
            int scaled) {
        Kernels kernels = workspace.kernels();
        int size = groups.size();
        float mean = kernels.sum(x, xAt, size) / size;
        float variance = kernels.sumOfSquares(x, xAt, size, mean) / size;
        float inverse = (float) (1 / Math.sqrt((double) variance + layer.epsilon()));
        float center = layer.rmsScaling() ? 0f : mean;
        kernels.standardize(x, xAt, center, inverse, w, normalized, size);
        if (gammaGradient != null) {
            kernels.addProduct(w, normalized, dy, dyAt, workspace.gradient(gammaGradient), 0, size);
        }
        if (betaGradient != null) {
            kernels.add(dy, dyAt, workspace.gradient(betaGradient), 0, size);
        }
        if (inputGradient == null) {
            return;
        }
        if (gamma == null) {
            System.arraycopy(dy, dyAt, w, scaled, size);
        } else {
            kernels.product(gamma, 0, dy, dyAt, w, scaled, size);
        }
        int products = scaled + size;
        if (layer.rmsScaling()) {
            rmsAdjoint(kernels, x, xAt, w, scaled, products, mean, inverse);
            return;
        }
        kernels.product(w, scaled, w, normalized, w, products, size);
        float meanGradient = kernels.sum(w, scaled, size) / size;
        float meanProduct = kernels.sum(w, products, size) / size;
        kernels.standardizeGradient(w, normalized, meanGradient, meanProduct, inverse, w, scaled, size);
    }

    /** With {@code y = x s gamma}: {@code dx = s g - (x - mean) s^3 mean(g x)}, for the variance still is about the mean. */
    private void rmsAdjoint(
            Kernels kernels, float[] x, int xAt, float[] w, int scaled, int products, float mean, float inverse) {
        int size = groups.size();
        kernels.product(w, scaled, x, xAt, w, products, size);
        float meanProduct = kernels.sum(w, products, size) / size;
        float factor = meanProduct * inverse * inverse * inverse;
        for (int j = 0; j < size; j++) {
            w[scaled + j] = inverse * w[scaled + j] - (x[xAt + j] - mean) * factor;
        }
    }
}
