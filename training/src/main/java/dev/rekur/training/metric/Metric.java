package dev.rekur.training.metric;

import dev.rekur.error.InvalidInputException;
import dev.rekur.kernel.Activation;
import dev.rekur.training.loss.Losses;
import dev.rekur.training.loss.TargetAlignment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A metric of a compiled model. Immutable; a {@link MetricState} measures.
 *
 * @param function what it computes
 * @param kerasName its name in Keras's logs; if several metrics share one, the trainer tells them apart
 * @param identifier the text or function name that the metric was given by, or null if it was an object
 */
public record Metric(
        MetricFunction function, String kerasName, @Nullable String identifier) {
    /** Begins to measure. */
    public MetricState newState() {
        return function.newState();
    }

    /** This metric, or the one that {@code "accuracy"} or {@code "crossentropy"} means for such targets. */
    public Metric resolve(TargetAlignment alignment) {
        MetricFunction decided = function;
        if (function == Undecided.ACCURACY) {
            decided = switch (alignment.form()) {
                case BINARY -> Accuracy.binary(Accuracy.DEFAULT_THRESHOLD);
                case SPARSE -> Accuracy.sparse();
                case CATEGORICAL -> Accuracy.categorical();
            };
        } else if (function == Undecided.CROSSENTROPY) {
            decided = MeanMetric.of(
                    Losses.named("crossentropy").resolve(alignment).function());
        }
        return new Metric(decided, kerasName, identifier);
    }

    /** See {@link MetricFunction#ofLogits}; to compute with, not to be serialized. */
    public Optional<Metric> ofLogits(Activation activation) {
        return function.ofLogits(activation).map(of -> new Metric(of, kerasName, identifier));
    }

    /** Whether it was told that predictions are logits, Keras's {@code from_logits}. */
    public boolean isFromLogits() {
        return Boolean.TRUE.equals(function.parameters().get("from_logits"));
    }

    /**
     * Whether the metric can be taken of such targets.
     *
     * @param output whose targets they are, for messages: {@code "output 'sections'"}
     * @throws InvalidInputException if not; says what was expected
     */
    public void check(String output, TargetAlignment alignment) {
        int expected = function.isSparse() ? 1 : alignment.features();
        if (alignment.targetFeatures() != expected) {
            throw new InvalidInputException(
                    output + ", metric '" + kerasName + "' (" + function.className()
                            + "): expected targets of " + expected + (expected == 1 ? " value" : " values") + ", found "
                            + alignment.targetFeatures()
                            + ". For numbers of classes use a metric whose name begins with"
                            + " 'sparse', or 'accuracy'",
                    "docs/TROUBLESHOOTING.md#targets");
        }
        if (alignment.steps() != 1 && !function.takesSteps()) {
            throw new InvalidInputException(
                    output + ", metric '" + kerasName + "' (" + function.className()
                            + "): expected predictions of shape [batch, classes], found " + alignment.steps()
                            + " steps. Keras has this metric for single vectors only",
                    "docs/TROUBLESHOOTING.md#targets");
        }
    }

    /** As Keras serializes it: the text or function name it was given by, or an object. */
    public Object serialized() {
        if (identifier != null) {
            return identifier;
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("name", kerasName);
        config.put("dtype", "float32");
        config.putAll(function.parameters());
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.metrics");
        object.put("class_name", function.className());
        object.put("config", config);
        object.put("registered_name", null);
        return object;
    }
}
