package dev.rekur.layer.normalization;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Shapes;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Normalizes each feature over the batch: {@code y = (x - mean) / sqrt(variance + epsilon) * gamma + beta}. In inference
 * mean and variance are the moving ones, and the layer is one multiplication and addition a feature.
 *
 * <p>In training, mean and biased variance are those of the batch (of its steps that are not masked), and the moving ones
 * follow: {@code m = momentum m + (1 - momentum) mean}. A layer that is not trained runs as in inference.
 *
 * <p>Adjoint in training: with {@code xn} the normalized input, {@code s = 1 / sqrt(variance + epsilon)}, {@code g = gamma dy}
 * and n elements a feature: {@code dx = s (g - (sum g + xn sum (g xn)) / n)}, where the bracket counts at masked steps as g
 * alone; {@code dgamma = sum of xn dy}, {@code dbeta = sum of dy}.
 *
 * <p>Adjoint in inference mode: with {@code s = gamma / sqrt(variance + epsilon)}: {@code dx = s dy}, {@code dgamma = sum
 * of (x - mean) / sqrt(variance + epsilon) dy}, {@code dbeta = sum of dy}.
 *
 * <p>Follows {@code keras/src/layers/normalization/batch_normalization.py} of Keras 3.15 (Ioffe and Szegedy, 2015).
 *
 * @param axis the features' axis, the batch being axis 0; negative ones count from the end
 * @param epsilon added to the variance
 * @param momentum how much of the moving statistics a training step leaves
 * @param center whether there is a {@code beta}
 * @param scale whether there is a {@code gamma}
 * @param heedsMask whether masked steps are left out of the batch's statistics
 * @param unbiased whether the moving variance follows {@code n / (n - 1 - epsilon)} times the batch's
 */
public record BatchNormalization(
        int axis, float epsilon, double momentum, boolean center, boolean scale, boolean heedsMask, boolean unbiased)
        implements Layer {
    /** As in Keras 3. */
    public BatchNormalization(int axis, float epsilon, double momentum, boolean center, boolean scale) {
        this(axis, epsilon, momentum, center, scale, true, false);
    }

    public static BatchNormalization fromConfig(LayerConfig config) {
        config.acknowledge("synchronized", "renorm_clipping", "renorm_momentum");
        boolean center = config.flag("center", true);
        boolean scale = config.flag("scale", true);
        config.weight("gamma", "gamma", scale);
        config.weight("beta", "beta", center);
        config.weight("moving_mean");
        config.weight("moving_variance");
        if (config.flag("renorm", false)) {
            config.problem("'renorm' is not supported", "Train without batch renormalization.");
        }
        List<Integer> axis = config.integers("axis", List.of(-1));
        if (axis.size() != 1) {
            config.problem("'axis': expected one axis, found " + axis, "Normalize over one axis.");
        }
        return new BatchNormalization(
                axis.isEmpty() ? -1 : axis.get(0),
                (float) config.number("epsilon", 1e-3),
                config.number("momentum", 0.99),
                center,
                scale,
                config.version().batchStatisticsHeedMasks(),
                config.version().movingVarianceIsUnbiased());
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("axis", axis)
                .put("momentum", momentum)
                .put("epsilon", epsilon)
                .put("center", center)
                .put("scale", scale);
    }

    @Override
    public String className() {
        return "BatchNormalization";
    }

    private int features(Shape input) {
        int features = input.dimension(Axes.resolve(List.of(axis), input).get(0));
        if (features == Shape.UNKNOWN) {
            throw new dev.rekur.layer.ShapeMismatchException(
                    "axis " + axis + " of the input " + input + " must be known", "Give the Input that dimension.");
        }
        return features;
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        int features = features(Shapes.only(inputs));
        List<WeightSpec> weights = new ArrayList<>();
        if (scale) {
            weights.add(WeightSpec.of("gamma", features));
        }
        if (center) {
            weights.add(WeightSpec.of("beta", features));
        }
        weights.add(WeightSpec.statistic("moving_mean", features));
        weights.add(WeightSpec.statistic("moving_variance", features));
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape input = Shapes.only(inputs);
        features(input);
        return List.of(input);
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return OutputMask.ofFirst(masks);
    }

    @Override
    public Rows rows() {
        return Rows.JOINED_IN_TRAINING;
    }

    @Override
    public boolean worksInPlace() {
        return true;
    }

    @Override
    public Operation forward(Binding binding) {
        Slot input = binding.input(0);
        Slot output = binding.output(0);
        FeatureRuns runs = runs(binding.inputShape(0));
        return binding.shared("affine", () -> affine(binding, runs.features())).bind(input, output, runs);
    }

    private Affine affine(Binding binding, int features) {
        FloatTensor mean = binding.weight("moving_mean");
        FloatTensor variance = binding.weight("moving_variance");
        float[] factor = new float[features];
        float[] shift = new float[features];
        for (int j = 0; j < features; j++) {
            double inverse = 1 / Math.sqrt((double) variance.get(j) + epsilon);
            double gamma = scale ? binding.weight("gamma").get(j) : 1;
            double beta = center ? binding.weight("beta").get(j) : 0;
            factor[j] = (float) (inverse * gamma);
            shift[j] = (float) (beta - mean.get(j) * inverse * gamma);
        }
        return new Affine(factor, shift);
    }

    /** {@code y = factor x + shift}, each feature with its own. */
    private record Affine(float[] factor, float[] shift) {
        Operation bind(Slot input, Slot output, FeatureRuns runs) {
            int run = runs.run();
            return (workspace, rows) -> {
                float[] x = workspace.floats(input);
                float[] y = workspace.floats(output);
                int xAt = workspace.at(input);
                int yAt = workspace.at(output);
                for (int block = 0; block < rows * runs.blocks(); block++) {
                    apply(x, xAt, y, yAt, run);
                    xAt += factor.length * run;
                    yAt += factor.length * run;
                }
            };
        }

        void apply(float[] x, int xAt, float[] y, int yAt, int run) {
            if (run == 1) {
                for (int j = 0; j < factor.length; j++) {
                    y[yAt + j] = Arithmetic.fma(x[xAt + j], factor[j], shift[j]);
                }
                return;
            }
            for (int j = 0; j < factor.length; j++) {
                for (int i = j * run; i < (j + 1) * run; i++) {
                    y[yAt + i] = Arithmetic.fma(x[xAt + i], factor[j], shift[j]);
                }
            }
        }
    }

    /** How the features of a row lie. */
    private FeatureRuns runs(Shape shape) {
        return FeatureRuns.of(shape, Axes.resolve(List.of(axis), shape).get(0));
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        FeatureRuns runs = runs(binding.inputShape(0));
        return binding.trainable() ? new BatchStatistics(this, binding, runs).training() : frozen(binding, runs);
    }

    /** As in inference, with the moving statistics as they are when the plan is made: nobody moves them. */
    private LayerTraining frozen(TrainingBinding binding, FeatureRuns runs) {
        Affine affine = affine(binding, runs.features());
        Affine linear = new Affine(affine.factor(), new float[runs.features()]);
        Operation forward = affine.bind(binding.input(0), binding.output(0), runs);
        Slot dy = binding.outputGradient(0);
        Slot dx = binding.inputGradient(0);
        if (dy == null || dx == null) {
            return LayerTraining.withoutGradient(forward);
        }
        return LayerTraining.of(forward, linear.bind(dy, dx, runs)::run);
    }
}
