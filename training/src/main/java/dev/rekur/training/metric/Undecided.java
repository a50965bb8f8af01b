package dev.rekur.training.metric;

import dev.rekur.kernel.Activation;
import java.util.Locale;
import java.util.Optional;

/** Metrics that depend on what targets and predictions look like. */
enum Undecided implements MetricFunction {
    ACCURACY,
    CROSSENTROPY;

    @Override
    public String className() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String defaultName() {
        return className();
    }

    @Override
    public Optional<MetricFunction> ofLogits(Activation activation) {
        return this == CROSSENTROPY ? Optional.of(this) : Optional.empty();
    }

    @Override
    public MetricState newState() {
        throw new IllegalStateException(
                "resolve the metric first: which " + className() + " it is depends on the targets");
    }
}
