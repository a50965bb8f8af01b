package dev.rekur.training.scoring;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.Workspace;
import dev.rekur.tensor.DType;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.training.compile.LossTerm;
import dev.rekur.training.loss.Loss;
import dev.rekur.training.loss.TargetAlignment;
import dev.rekur.training.loss.VectorWeights;
import dev.rekur.training.metric.RunningMean;
import dev.rekur.training.scoring.LogitsLifting.Logits;
import dev.rekur.training.step.StepRunner;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The loss of one output of a model, batch by batch, with its gradient; and what metrics need to measure the same batch.
 *
 * <p>Where the output comes from a softmax or sigmoid and the loss is a crossentropy, it is computed of the logits, as Keras on
 * TensorFlow does; so are such metrics.
 */
public final class Objective {
    private final int output;
    private final String name;
    /** For messages. */
    private final String place;

    private final Loss given;
    private final @Nullable Double weight;
    private final KerasVersion version;
    /** The logits of the output, or null if it has none. */
    private final @Nullable Logits known;

    /** The logits that losses and metrics of the batch are taken of, or null if they are taken of predictions. */
    private @Nullable Logits taken;

    private @Nullable Shape targetShape;
    private @Nullable Shape outputShape;
    private @Nullable TargetAlignment alignment;
    private @Nullable Loss loss;
    /** The loss of logits, or null if it is not taken of them. */
    private @Nullable Loss lossOfLogits;

    private float[] values = {};
    private float[] prediction = {};
    private float[] logits = {};
    private float[] target = {};
    private float[] gradient = {};
    private boolean[] mask = {};
    private float[] rowWeights = {};
    private float[] metricWeights = {};
    private int rows;
    private boolean masked;
    private VectorWeights weights = VectorWeights.NONE;
    private double last;
    private final RunningMean mean = new RunningMean();

    /**
     * @param output index of the output
     * @param name its name
     * @param logits the logits of the output, or null
     * @param version the Keras that decides what a mask makes of the loss, and which loss is reported
     */
    public Objective(int output, String name, LossTerm term, @Nullable Logits logits, KerasVersion version) {
        this.output = output;
        this.name = name;
        this.place = "output '" + name + "'";
        this.given = term.loss();
        this.weight = term.weight();
        this.known = logits;
        this.version = version;
    }

    public String name() {
        return name;
    }

    public int output() {
        return output;
    }

    /** The mean of the loss over the batches since {@link #reset}; without its weight in most versions of Keras. */
    RunningMean mean() {
        return mean;
    }

    /** The loss of the last batch, without its weight. */
    public double last() {
        return last;
    }

    void reset() {
        mean.reset();
    }

    TargetAlignment alignment() {
        return Objects.requireNonNull(alignment);
    }

    /**
     * Looks whether targets fit.
     *
     * @throws InvalidInputException if not
     */
    void check(StepRunner runner, Tensor targets) {
        align(runner, targets);
        float[] copy = new float[targets.size() + Workspace.SLACK];
        copy(targets, copy);
        Objects.requireNonNull(loss)
                .checkTargets(place, alignment(), 0, targets.shape().dimension(0), copy);
    }

    private void align(StepRunner runner, Tensor targets) {
        Shape predicted = runner.outputShape(output);
        if (targets.shape() == targetShape && predicted == outputShape) { // a source may fill the same tensor again
            return;
        }
        if (targets.dtype() == DType.TEXT) {
            throw new InvalidInputException(
                    place + ": targets are texts, expected numbers", "docs/TROUBLESHOOTING.md#targets");
        }
        TargetAlignment fresh = TargetAlignment.of(
                place, targets.shape(), predicted.withBatch(targets.shape().dimension(0)));
        if (!fresh.equals(alignment)) {
            alignment = fresh;
            Loss resolved = given.resolve(fresh);
            loss = resolved;
            lossOfLogits =
                    known == null ? null : resolved.ofLogits(known.activation()).orElse(null);
        }
        targetShape = targets.shape();
        outputShape = predicted;
    }

    /**
     * Computes loss and gradient of the batch that has run forwards.
     *
     * @param sampleWeights for this output, or null
     * @param withGradient whether {@link #gradient} is asked for
     * @return the loss, its weight included
     */
    double evaluate(StepRunner runner, Tensor targets, @Nullable FloatTensor sampleWeights, boolean withGradient) {
        align(runner, targets);
        TargetAlignment aligned = alignment();
        taken = known != null && !aligned.squeezed() && (known.inTraining() || !withGradient) ? known : null;
        Loss resolved = Objects.requireNonNull(isOfLogits() ? lossOfLogits : loss);
        rows = targets.shape().dimension(0);
        int size = elements(rows, aligned);
        int vectors = rows * aligned.steps();
        prediction = room(prediction, size);
        runner.output(output, prediction);
        if (taken != null) {
            logits = room(logits, size);
            runner.output(taken.output(), logits);
        }
        target = room(target, targets.size());
        copy(targets, target);
        resolved.checkTargets(place, aligned, 0, rows, target);
        weights = weights(runner, aligned, sampleWeights);
        values = room(values, vectors);
        if (withGradient) {
            gradient = room(gradient, size);
        }
        resolved.evaluate(
                vectors,
                target,
                aligned.targetFeatures(),
                isOfLogits() ? logits : prediction,
                aligned.features(),
                values,
                withGradient ? gradient : null);
        double value = resolved.reduce(rows, aligned, target, values, weights, withGradient ? gradient : null);
        // Keras 3 on TensorFlow counts batches here, a short one in full; the sum of all losses counts rows
        mean.add(
                weight != null && version.reportedLossesAreWeighted() ? value * weight : value,
                version.reportedLossesCountRows() ? rows : 1);
        last = value;
        if (weight == null) {
            return value;
        }
        if (withGradient) {
            float factor = weight.floatValue();
            for (int i = 0; i < size; i++) {
                gradient[i] *= factor;
            }
        }
        return value * weight;
    }

    private VectorWeights weights(StepRunner runner, TargetAlignment aligned, @Nullable FloatTensor sampleWeights) {
        int maskSize = runner.maskSize(output);
        masked = maskSize > 0;
        if (masked && maskSize != aligned.steps()) {
            throw new InvalidInputException(
                    "output '" + name + "' carries a mask of " + maskSize
                            + " flags a row, but has a loss for each of " + aligned.steps()
                            + " steps; end the mask before it.",
                    "docs/TROUBLESHOOTING.md#targets");
        }
        if (masked) {
            mask = mask.length >= rows * maskSize ? mask : new boolean[rows * maskSize];
            runner.mask(output, mask);
        }
        boolean perStep = false;
        float @Nullable [] each = null;
        if (sampleWeights != null) {
            perStep = sampleWeights.size() != rows;
            if (perStep && sampleWeights.size() != rows * aligned.steps()) {
                throw new InvalidInputException(
                        place + ": sample weights of shape "
                                + sampleWeights.shape() + " do not go with " + rows + " rows of " + aligned.steps()
                                + " steps; expected one for each row, or one for each step.",
                        "docs/TROUBLESHOOTING.md#targets");
            }
            rowWeights = room(rowWeights, sampleWeights.size());
            sampleWeights.copyTo(0, rowWeights, 0, sampleWeights.size());
            each = rowWeights;
        }
        boolean @Nullable [] counted = masked ? mask : null;
        boolean same = weights.weights() == each && weights.perStep() == perStep && weights.mask() == counted;
        return same ? weights : new VectorWeights(each, perStep, counted, version);
    }

    private static void scale(float[] array, int size, double factor) {
        for (int i = 0; i < size; i++) {
            array[i] *= (float) factor;
        }
    }

    private int elements(int batch, TargetAlignment aligned) {
        long elements = (long) batch * aligned.steps() * aligned.features();
        if (elements > Integer.MAX_VALUE - Workspace.SLACK) {
            throw new InvalidInputException(place + ": a batch of " + batch + " rows of " + aligned.steps() + " x "
                    + aligned.features() + " predictions has more elements than an array; choose a smaller batch");
        }
        return (int) elements;
    }

    private static float[] room(float[] array, int size) {
        return array.length >= size + Workspace.SLACK ? array : new float[size + Workspace.SLACK];
    }

    private static void copy(Tensor from, float[] to) {
        if (from instanceof FloatTensor floats) {
            floats.copyTo(0, to, 0, floats.size());
            return;
        }
        IntTensor ints = (IntTensor) from;
        for (int i = 0; i < ints.size(); i++) {
            to[i] = ints.get(i);
        }
    }

    /** Whether metrics of the last batch may be taken of the logits. */
    public boolean takesLogits() {
        return taken != null;
    }

    /** Whether the loss of the last batch is that of the logits. */
    public boolean isOfLogits() {
        return taken != null && lossOfLogits != null;
    }

    /** Puts the gradient that {@link #evaluate} left to the output that it is of: the model's, or that of the logits. */
    void giveGradient(float[] @Nullable [] gradients) {
        gradients[output] = isOfLogits() ? null : gradient;
        if (known != null) {
            gradients[known.output()] = isOfLogits() ? gradient : null;
        }
    }

    /** Gives the targets of the batch to a count of classes. */
    public void count(LabelCounts labels) {
        TargetAlignment aligned = alignment();
        labels.add(aligned, rows * aligned.steps(), target, masked ? mask : null);
    }

    /** Gives the batch to a metric. */
    void measure(MeasuredMetric metric) {
        TargetAlignment aligned = alignment();
        int vectors = rows * aligned.steps();
        boolean weighted = metric.weighted() && weights.weights() != null;
        float @Nullable [] each = null;
        boolean masks = masked && metric.honoursMask(aligned, weighted);
        if (weighted || masks) {
            metricWeights = room(metricWeights, vectors);
            Arrays.fill(metricWeights, 0, vectors, 1f);
            float[] given = weights.weights();
            for (int v = 0; v < vectors; v++) {
                if (weighted && given != null) {
                    metricWeights[v] = given[weights.perStep() ? v : v / aligned.steps()];
                }
                if (masks && !mask[v]) {
                    metricWeights[v] = 0f;
                }
            }
            if (metric.version().metricsAreMeansOfBatches()) {
                VectorWeights counting = new VectorWeights(
                        weighted ? given : null, weights.perStep(), masks ? mask : null, metric.version());
                scale(metricWeights, vectors, counting.rarity(vectors, aligned.steps()) * counting.maskRarity(vectors));
            }
            each = metricWeights;
        }
        metric.update(
                rows, vectors, target, aligned, prediction, taken == null ? null : taken.activation(), logits, each);
    }
}
