package dev.rekur.training.metric;

import dev.rekur.kernel.Activation;
import java.util.Map;
import java.util.Optional;

/** What a metric computes; Keras's class of it, without a name. Immutable. */
public interface MetricFunction {
    /** The class in Keras: {@code CategoricalAccuracy}. */
    String className();

    /** What Keras calls a metric of it that was given no name. */
    String defaultName();

    /** Keras's configuration, without name and dtype. */
    default Map<String, Object> parameters() {
        return Map.of();
    }

    /** Begins to measure. */
    MetricState newState();

    /** Whether targets are numbers of classes, one for a vector. */
    default boolean isSparse() {
        return false;
    }

    /**
     * Whether vectors that the prediction's mask marks as absent are left out. So it is with means of functions; all other
     * metrics of Keras do not look at masks.
     */
    default boolean honoursMask() {
        return false;
    }

    /** As {@link dev.rekur.training.loss.LossFunction#ofLogits}, which in Keras goes for crossentropies as metrics too. */
    default Optional<MetricFunction> ofLogits(Activation activation) {
        return Optional.empty();
    }

    /** Whether predictions may have time steps. */
    default boolean takesSteps() {
        return true;
    }
}
