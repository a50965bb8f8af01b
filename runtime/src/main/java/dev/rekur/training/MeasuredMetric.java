package dev.rekur.training;

import dev.rekur.kernel.Activation;
import dev.rekur.training.loss.TargetAlignment;
import dev.rekur.training.metric.Metric;
import dev.rekur.training.metric.MetricState;
import org.jspecify.annotations.Nullable;

/** A metric of one output at work, under the name that it has in logs. */
final class MeasuredMetric {
    private final Metric metric;
    private final int output;
    private final String logName;
    private final boolean weighted;
    private @Nullable Metric resolved;
    private @Nullable MetricState state;
    private boolean readsLogits;

    /**
     * @param logName unique among all metrics of the training
     * @param weighted whether it heeds sample weights
     */
    MeasuredMetric(Metric metric, int output, String logName, boolean weighted) {
        this.metric = metric;
        this.output = output;
        this.logName = logName;
        this.weighted = weighted;
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

    /** Whether it leaves out what a mask marks as absent. */
    boolean honoursMask(TargetAlignment alignment) {
        Metric known = resolved;
        return (known == null ? metric.resolve(alignment) : known).function().honoursMask();
    }

    /**
     * Adds a batch.
     *
     * @param lifted the activation that makes predictions of logits, or null if there are no logits
     */
    void update(
            int rows,
            int vectors,
            float[] target,
            TargetAlignment alignment,
            float[] prediction,
            @Nullable Activation lifted,
            float[] logits,
            float @Nullable [] weights) {
        MetricState measuring = state;
        if (measuring == null) {
            Metric decided = metric.resolve(alignment);
            decided.check("output " + output, alignment);
            readsLogits = lifted != null
                    && decided.logitsActivation().filter(lifted::equals).isPresent();
            measuring = (readsLogits ? decided.fromLogits() : decided).newState();
            resolved = decided;
            state = measuring;
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
        return state == null ? 0 : state.result();
    }

    void reset() {
        if (state != null) {
            state.reset();
        }
    }
}
