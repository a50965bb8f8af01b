package dev.rekur.layer.normalization;

import dev.rekur.kernel.Arithmetic;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import dev.rekur.layer.core.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link BatchNormalization} in training: mean and variance are sums over the whole batch, and so are two sums of its adjoint.
 * Each shard adds up its own rows, then all are added in the order of the shards.
 */
final class BatchStatistics {
    /** What Keras adds to the number of elements that a mask leaves. */
    private static final float KERAS_EPSILON = 1e-7f;

    private final BatchNormalization layer;
    private final FeatureRuns runs;
    private final Slot input;
    private final Slot output;
    private final @Nullable Slot mask;
    private final @Nullable Slot outputGradient;
    private final @Nullable Slot inputGradient;
    private final float @Nullable [] gamma;
    private final float @Nullable [] beta;
    private final float[] movingMean;
    private final float[] movingVariance;
    private final @Nullable WeightGradient gammaGradient;
    private final @Nullable WeightGradient betaGradient;
    /** Sums of this shard, two for each feature. */
    private final Slot sums;
    /** Of the batch, the same in each shard: mean, {@code s}, number of elements. */
    private final Slot statistics;

    BatchStatistics(BatchNormalization layer, TrainingBinding binding, FeatureRuns runs) {
        this.layer = layer;
        this.runs = runs;
        this.input = binding.keep(binding.input(0));
        this.output = binding.output(0);
        Slot given = layer.heedsMask()
                ? Shapes.requireSteps(binding.inputMask(0), runs.rowSize() / Math.max(1, runs.steps()))
                : null;
        this.mask = given == null ? null : binding.keep(given);
        this.outputGradient = binding.outputGradient(0);
        this.inputGradient = binding.inputGradient(0);
        this.gamma = layer.scale() ? binding.padded("gamma") : null;
        this.beta = layer.center() ? binding.padded("beta") : null;
        this.movingMean = binding.statistic("moving_mean");
        this.movingVariance = binding.statistic("moving_variance");
        this.gammaGradient = layer.scale() ? binding.gradient("gamma") : null;
        this.betaGradient = layer.center() ? binding.gradient("beta") : null;
        this.sums = binding.saved(2 * runs.features());
        this.statistics = binding.saved(3 * runs.features());
    }

    LayerTraining training() {
        List<TrainingOperation> forward = new ArrayList<>();
        forward.add((TrainingOperation.EachShard) this::sum);
        forward.add((TrainingOperation.WholeBatch) this::mean);
        forward.add((TrainingOperation.EachShard) this::sumOfSquares);
        forward.add((TrainingOperation.WholeBatch) this::variance);
        forward.add((TrainingOperation.EachShard) this::normalize);
        Slot dy = outputGradient;
        if (dy == null) {
            return new LayerTraining(forward, List.of());
        }
        List<TrainingOperation> backward = new ArrayList<>();
        backward.add((TrainingOperation.EachShard) (workspace, rows) -> sumGradients(workspace, rows, dy));
        Slot dx = inputGradient;
        if (dx != null) {
            backward.add((TrainingOperation.WholeBatch) this::shareSums);
            backward.add((TrainingOperation.EachShard) (workspace, rows) -> propagate(workspace, rows, dy, dx));
        }
        return new LayerTraining(forward, backward);
    }

    private int features() {
        return runs.features();
    }

    private int feature(int index) {
        return index / runs.run() % features();
    }

    private boolean counts(TrainingWorkspace workspace, int index) {
        return mask == null || workspace.flags(mask)[workspace.at(mask) + index / runs.steps()];
    }

    /** Sums and numbers of elements. */
    private void sum(TrainingWorkspace workspace, int rows) {
        float[] s = workspace.floats(sums);
        int at = workspace.at(sums);
        Arrays.fill(s, at, at + 2 * features(), 0f);
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        for (int i = 0; i < rows * runs.rowSize(); i++) {
            if (counts(workspace, i)) {
                int j = feature(i);
                s[at + j] += x[xAt + i];
                s[at + features() + j]++;
            }
        }
    }

    private void mean(List<? extends TrainingWorkspace> workspaces, int[] rows) {
        for (int j = 0; j < features(); j++) {
            double sum = total(workspaces, j);
            double count = total(workspaces, features() + j) + (mask == null ? 0 : KERAS_EPSILON);
            float mean = (float) (sum / count);
            for (int w = 0; w < workspaces.size(); w++) {
                TrainingWorkspace workspace = workspaces.get(w);
                float[] values = workspace.floats(statistics);
                int at = workspace.at(statistics);
                values[at + j] = mean;
                values[at + 2 * features() + j] = (float) count;
            }
        }
    }

    private double total(List<? extends TrainingWorkspace> workspaces, int index) {
        double total = 0;
        for (int w = 0; w < workspaces.size(); w++) {
            TrainingWorkspace workspace = workspaces.get(w);
            total += workspace.floats(sums)[workspace.at(sums) + index];
        }
        return total;
    }

    private void sumOfSquares(TrainingWorkspace workspace, int rows) {
        float[] s = workspace.floats(sums);
        int at = workspace.at(sums);
        Arrays.fill(s, at, at + features(), 0f);
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] mean = workspace.floats(statistics);
        int meanAt = workspace.at(statistics);
        for (int i = 0; i < rows * runs.rowSize(); i++) {
            if (counts(workspace, i)) {
                int j = feature(i);
                float difference = x[xAt + i] - mean[meanAt + j];
                s[at + j] = Arithmetic.fma(difference, difference, s[at + j]);
            }
        }
    }

    /** Finishes the statistics, and lets the moving ones follow. */
    private void variance(List<? extends TrainingWorkspace> workspaces, int[] rows) {
        TrainingWorkspace first = workspaces.get(0);
        float[] known = first.floats(statistics);
        int knownAt = first.at(statistics);
        float left = (float) layer.momentum();
        float taken = (float) (1 - layer.momentum());
        for (int j = 0; j < features(); j++) {
            float count = known[knownAt + 2 * features() + j];
            float variance = (float) (total(workspaces, j) / count);
            float inverse = (float) (1 / Math.sqrt((double) variance + layer.epsilon()));
            movingMean[j] = movingMean[j] * left + known[knownAt + j] * taken;
            movingVariance[j] = movingVariance[j] * left + variance * correction(count) * taken;
            for (int w = 0; w < workspaces.size(); w++) {
                TrainingWorkspace workspace = workspaces.get(w);
                workspace.floats(statistics)[workspace.at(statistics) + features() + j] = inverse;
            }
        }
    }

    /** What the moving variance takes the batch's variance by. */
    private float correction(float count) {
        return layer.unbiased() ? count / (count - (1 + layer.epsilon())) : 1;
    }

    private void normalize(TrainingWorkspace workspace, int rows) {
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] y = workspace.floats(output);
        int yAt = workspace.at(output);
        for (int i = 0; i < rows * runs.rowSize(); i++) {
            int j = feature(i);
            float normalized = normalized(workspace, x[xAt + i], j);
            normalized = gamma == null ? normalized : normalized * gamma[j];
            y[yAt + i] = beta == null ? normalized : normalized + beta[j];
        }
    }

    private float normalized(TrainingWorkspace workspace, float x, int feature) {
        float[] values = workspace.floats(statistics);
        int at = workspace.at(statistics);
        return (x - values[at + feature]) * values[at + features() + feature];
    }

    /** {@code sum dy} and {@code sum dy xn} of the shard, which are its gradients of beta and gamma. */
    private void sumGradients(TrainingWorkspace workspace, int rows, Slot gradient) {
        float[] s = workspace.floats(sums);
        int at = workspace.at(sums);
        Arrays.fill(s, at, at + 2 * features(), 0f);
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] dy = workspace.floats(gradient);
        int dyAt = workspace.at(gradient);
        for (int i = 0; i < rows * runs.rowSize(); i++) {
            int j = feature(i);
            s[at + j] += dy[dyAt + i];
            int product = at + features() + j;
            s[product] = Arithmetic.fma(dy[dyAt + i], normalized(workspace, x[xAt + i], j), s[product]);
        }
        for (int j = 0; j < features(); j++) {
            if (betaGradient != null) {
                workspace.gradient(betaGradient)[j] += s[at + j];
            }
            if (gammaGradient != null) {
                workspace.gradient(gammaGradient)[j] += s[at + features() + j];
            }
        }
    }

    private void shareSums(List<? extends TrainingWorkspace> workspaces, int[] rows) {
        for (int index = 0; index < 2 * features(); index++) {
            float total = (float) total(workspaces, index);
            for (int w = 0; w < workspaces.size(); w++) {
                TrainingWorkspace workspace = workspaces.get(w);
                workspace.floats(sums)[workspace.at(sums) + index] = total;
            }
        }
    }

    private void propagate(TrainingWorkspace workspace, int rows, Slot from, Slot to) {
        float[] s = workspace.floats(sums);
        int at = workspace.at(sums);
        float[] values = workspace.floats(statistics);
        int inverseAt = workspace.at(statistics) + features();
        float[] x = workspace.floats(input);
        int xAt = workspace.at(input);
        float[] dy = workspace.floats(from);
        int dyAt = workspace.at(from);
        float[] dx = workspace.floats(to);
        int dxAt = workspace.at(to);
        for (int i = 0; i < rows * runs.rowSize(); i++) {
            int j = feature(i);
            float g = dy[dyAt + i];
            if (counts(workspace, i)) {
                float product = normalized(workspace, x[xAt + i], j) * s[at + features() + j];
                g -= (s[at + j] + product) / values[inverseAt + features() + j];
            }
            float scale = values[inverseAt + j];
            dx[dxAt + i] = g * (gamma == null ? scale : scale * gamma[j]);
        }
    }
}
