package dev.rekur.layer.normalization;

import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Shapes;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Normalizes each example over its features: {@code y = (x - mean) / sqrt(variance + epsilon) * gamma + beta}, mean and
 * biased variance over the axes.
 *
 * <p>Adjoint: with {@code xn} the normalized input, {@code s = 1 / sqrt(variance + epsilon)} and {@code g = gamma dy}:
 * {@code dx = s (g - mean(g) - xn mean(g xn))}, {@code dgamma = sum of xn dy}, {@code dbeta = sum of dy}.
 *
 * <p>Follows {@code keras/src/layers/normalization/layer_normalization.py} of Keras 3.15 (Ba et al., 2016).
 *
 * @param axes what is normalized over, the batch being axis 0; negative ones count from the end
 * @param epsilon added to the variance
 * @param center whether there is a {@code beta}
 * @param scale whether there is a {@code gamma}
 * @param rmsScaling Keras's deprecated variant: {@code y = x / sqrt(variance + epsilon) * gamma}
 */
public record LayerNormalization(List<Integer> axes, float epsilon, boolean center, boolean scale, boolean rmsScaling)
        implements Layer {
    public static LayerNormalization fromConfig(LayerConfig config) {
        boolean center = config.flag("center", true);
        boolean scale = config.flag("scale", true);
        boolean rmsScaling = config.flag("rms_scaling", false);
        config.weight("gamma", "gamma", scale || rmsScaling);
        config.weight("beta", "beta", center && !rmsScaling);
        return new LayerNormalization(
                config.integers("axis", List.of(-1)),
                (float) config.number("epsilon", 1e-3),
                center,
                scale,
                rmsScaling);
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("axis", axes)
                .put("epsilon", epsilon)
                .put("center", center)
                .put("scale", scale)
                .put("rms_scaling", rmsScaling);
    }

    @Override
    public String className() {
        return "LayerNormalization";
    }

    boolean hasGamma() {
        return scale || rmsScaling;
    }

    boolean hasBeta() {
        return center && !rmsScaling;
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        int[] extents =
                Axes.resolve(axes, input).stream().mapToInt(input::dimension).toArray();
        List<WeightSpec> weights = new ArrayList<>();
        if (hasGamma()) {
            weights.add(WeightSpec.of("gamma", extents));
        }
        if (hasBeta()) {
            weights.add(WeightSpec.of("beta", extents));
        }
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        for (int axis : Axes.resolve(axes, input)) {
            if (input.dimension(axis) == Shape.UNKNOWN && (hasGamma() || hasBeta())) {
                throw new ShapeMismatchException(
                        "axis " + axis + " of the input " + input + " must be known", "Give the Input that dimension.");
            }
        }
        return List.of(input);
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public boolean worksInPlace() {
        return true;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        Axes.Groups groups = Axes.groups(Axes.resolve(axes, binding.inputShape(0)), binding.inputShape(0));
        int size = groups.size();
        float @Nullable [] gamma = hasGamma() ? binding.padded("gamma") : null;
        float @Nullable [] beta = hasBeta() ? binding.padded("beta") : null;
        int perRow = size == 0 ? 0 : input.rowSize() / size;
        if (groups.contiguous()) {
            return (workspace, rows) -> {
                float[] x = workspace.floats(input);
                float[] y = workspace.floats(output);
                for (int group = 0; group < rows * perRow; group++) {
                    normalize(
                            workspace.kernels(),
                            x,
                            workspace.at(input) + group * size,
                            y,
                            workspace.at(output) + group * size,
                            size,
                            gamma,
                            beta);
                }
            };
        }
        Slot gathered = binding.scratch(size);
        return (workspace, rows) -> {
            float[] x = workspace.floats(input);
            float[] y = workspace.floats(output);
            float[] g = workspace.floats(gathered);
            int gAt = workspace.at(gathered);
            for (int row = 0; row < rows; row++) {
                int xAt = workspace.at(input) + row * input.rowSize();
                int yAt = workspace.at(output) + row * input.rowSize();
                for (int group = 0; group < perRow; group++) {
                    groups.gather(group, x, xAt, g, gAt);
                    normalize(workspace.kernels(), g, gAt, g, gAt, size, gamma, beta);
                    groups.scatter(group, g, gAt, y, yAt);
                }
            }
        };
    }

    private void normalize(
            Kernels kernels,
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            int size,
            float @Nullable [] gamma,
            float @Nullable [] beta) {
        float mean = kernels.sum(x, xAt, size) / size;
        float variance = kernels.sumOfSquares(x, xAt, size, mean) / size;
        float inverse = (float) (1 / Math.sqrt((double) variance + epsilon));
        float center = rmsScaling ? 0f : mean;
        if (gamma != null && beta != null) {
            kernels.normalize(x, xAt, center, inverse, gamma, beta, y, yAt, size);
            return;
        }
        for (int j = 0; j < size; j++) {
            float normalized = (x[xAt + j] - center) * inverse;
            normalized = gamma == null ? normalized : normalized * gamma[j];
            y[yAt + j] = beta == null ? normalized : normalized + beta[j];
        }
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot dy = binding.outputGradient(0);
        if (dy == null) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        return LayerTraining.of(forward(binding), LayerNormalizationAdjoint.bind(this, binding, dy));
    }
}
