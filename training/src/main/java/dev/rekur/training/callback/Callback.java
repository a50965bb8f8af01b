package dev.rekur.training.callback;

import java.util.Map;
import java.util.Set;

/**
 * Is told how a training goes, and may steer it. Called on the training's thread, in the order in which callbacks were
 * added, with the same {@link Logs}: what one puts into an epoch's logs, those after it see.
 *
 * <p>Epochs and batches are counted from 0. A callback that is used for another training starts afresh with {@link
 * #trainBegin}, unless its doc says otherwise. A training that goes on after an interruption calls {@link #trainBegin} and then
 * {@link #restoreState}.
 *
 * <p>Follows {@code keras/src/callbacks/callback.py} of Keras 3.15.1.
 */
public interface Callback {
    /**
     * Looks, before a training starts, whether the callback can do its work.
     *
     * @param logNames the names that an epoch's logs will have
     * @throws dev.rekur.error.InvalidInputException if a name it needs is missing (says which exist), or a file cannot be written
     */
    default void check(Set<String> logNames) {}

    /** Names the callback itself adds to an epoch's logs. */
    default Set<String> addedLogs() {
        return Set.of();
    }

    default void trainBegin(TrainingRun run) {}

    /**
     * @param logs those of the last epoch; empty if there was none
     */
    default void trainEnd(TrainingRun run, Logs logs) {}

    default void epochBegin(TrainingRun run, int epoch) {}

    /**
     * Comes in place of {@link #epochBegin} where an epoch goes on that an interruption has cut; what {@link #epochBegin} has done
     * then is restored already.
     *
     * @param batch the first batch that was not trained on
     */
    default void epochResumed(TrainingRun run, int epoch, int batch) {}

    default void epochEnd(TrainingRun run, int epoch, Logs logs) {}

    default void batchBegin(TrainingRun run, int batch) {}

    /**
     * @param logs running means of the epoch so far; valid during the call
     */
    default void batchEnd(TrainingRun run, int batch, Logs logs) {}

    /** What {@link #restoreState} needs to go on from here: texts, numbers and lists of them, free to be written as JSON. */
    default Map<String, Object> state() {
        return Map.of();
    }

    /**
     * Goes on from a {@link #state}.
     *
     * @throws dev.rekur.error.InvalidInputException if it is none of this callback's
     */
    default void restoreState(Map<String, Object> state) {}

    /** Whether the training ends with the weights of the epoch that validation found best. */
    default boolean restoresBestOfValidation() {
        return false;
    }
}
