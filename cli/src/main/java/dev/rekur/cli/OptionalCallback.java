package dev.rekur.cli;

import dev.rekur.training.callback.Callback;
import dev.rekur.training.callback.Logs;
import dev.rekur.training.callback.TrainingRun;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The place of a callback that an option may ask for. It is there either way, so that a training which is gone on with may be
 * asked for more, or for less: a callback that is new begins anew, what one that is gone has kept stays kept.
 */
final class OptionalCallback implements Callback {
    private static final Callback NOTHING = new Callback() {};

    private final Callback callback;
    private Map<String, Object> kept = Map.of();

    /**
     * @param callback null if nobody asks for it
     */
    OptionalCallback(@Nullable Callback callback) {
        this.callback = callback == null ? NOTHING : callback;
    }

    @Override
    public void check(Set<String> logNames) {
        callback.check(logNames);
    }

    @Override
    public boolean restoresBestOfValidation() {
        return callback.restoresBestOfValidation();
    }

    @Override
    public Set<String> addedLogs() {
        return callback.addedLogs();
    }

    @Override
    public void trainBegin(TrainingRun run) {
        callback.trainBegin(run);
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        callback.trainEnd(run, logs);
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        callback.epochBegin(run, epoch);
    }

    @Override
    public void epochResumed(TrainingRun run, int epoch, int batch) {
        callback.epochResumed(run, epoch, batch);
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        callback.epochEnd(run, epoch, logs);
    }

    @Override
    public void batchBegin(TrainingRun run, int batch) {
        callback.batchBegin(run, batch);
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        callback.batchEnd(run, batch, logs);
    }

    @Override
    public Map<String, Object> state() {
        return callback == NOTHING ? kept : callback.state();
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        kept = state;
        if (!state.isEmpty()) {
            callback.restoreState(state);
        }
    }
}
