package dev.rekur.training.scoring;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.KerasVersion;
import dev.rekur.training.loss.TargetAlignment;
import dev.rekur.training.metric.BatchMeans;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.MetricState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A metric of one output at work, under the name that it has in logs. */
public final class MeasuredMetric {
    private final Metric metric;
    private final int output;
    private final String logName;
    private final boolean weighted;
    private final KerasVersion version;
    private @Nullable Metric resolved;
    private @Nullable MetricState state;

    /** Sums to go on from, once it is known which metric they are of; their result is the first. */
    private double @Nullable [] kept;

    private boolean readsLogits;

    /**
     * @param logName unique among all metrics of the training
     * @param weighted whether it heeds sample weights
     * @param version the Keras whose metric it is
     */
    MeasuredMetric(Metric metric, int output, String logName, boolean weighted, KerasVersion version) {
        this.metric = metric;
        this.output = output;
        this.logName = logName;
        this.weighted = weighted;
        this.version = version;
    }

    Metric metric() {
        return metric;
    }

    int output() {
        return output;
    }

    String logName() {
        return logName;
    }

    boolean weighted() {
        return weighted;
    }

    KerasVersion version() {
        return version;
    }

    /**
     * Whether it leaves out what a mask marks as absent.
     *
     * @param hasWeights whether it is given sample weights
     */
    boolean honoursMask(TargetAlignment alignment, boolean hasWeights) {
        if (version.everyMetricHeedsMasks()) {
            return true;
        }
        Metric known = resolved;
        return (hasWeights || version.metricsHeedMasksWithoutWeights())
                && (known == null ? metric.resolve(alignment) : known)
                        .function()
                        .honoursMask();
    }

    /**
     * Adds a batch.
     *
     * @param activation the one that makes predictions of logits, or null if there are no logits
     */
    void update(
            int rows,
            int vectors,
            float[] target,
            TargetAlignment alignment,
            float[] prediction,
            @Nullable Activation activation,
            float[] logits,
            float @Nullable [] weights) {
        MetricState measuring = state;
        if (measuring == null) {
            Metric decided = metric.resolve(alignment);
            decided.check("output " + output, alignment);
            Metric ofLogits =
                    activation == null ? null : decided.ofLogits(activation).orElse(null);
            readsLogits = ofLogits != null;
            measuring = (ofLogits == null ? decided : ofLogits).newState();
            measuring = version.metricsAreMeansOfBatches() ? new BatchMeans(measuring) : measuring;
            resolved = decided;
            state = measuring;
            if (kept != null) {
                measuring.restore(Arrays.copyOfRange(kept, 1, kept.length));
                kept = null;
            }
        }
        measuring.update(
                rows,
                vectors,
                target,
                alignment.targetFeatures(),
                readsLogits ? logits : prediction,
                alignment.features(),
                weights);
    }

    double result() {
        return state != null ? state.result() : kept != null ? kept[0] : 0;
    }

    /** The result so far, and what it was made of; nothing before the first batch. */
    double[] sums() {
        if (state == null) {
            return kept == null ? new double[0] : kept.clone();
        }
        double[] sums = state.sums();
        double[] all = new double[sums.length + 1];
        all[0] = state.result();
        System.arraycopy(sums, 0, all, 1, sums.length);
        return all;
    }

    /** Takes up where another left off: what its {@link #sums} were. */
    void restore(double[] sums) {
        state = null;
        kept = sums.length == 0 ? null : sums;
    }

    void reset() {
        kept = null;
        if (state != null) {
            state.reset();
        }
    }
}
