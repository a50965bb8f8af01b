package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several callbacks as one.
 *
 * <p>Follows {@code keras/src/callbacks/callback_list.py} of Keras 3.15.1.
 */
public final class CallbackList implements Callback {
    private static final String KEY = "callbacks";

    private final List<Callback> callbacks;

    private CallbackList(List<Callback> callbacks) {
        this.callbacks = callbacks;
    }

    /**
     * The callbacks in the given order, except that {@link BackupAndRestore} comes after all others: it keeps what they did,
     * and what it restores they must not set back.
     */
    public static CallbackList of(List<? extends Callback> callbacks) {
        List<Callback> ordered = new ArrayList<>(callbacks);
        ordered.sort(Comparator.comparing(callback -> callback instanceof BackupAndRestore));
        return new CallbackList(List.copyOf(ordered));
    }

    /** Each callback may also need what those before it add. */
    @Override
    public void check(Set<String> logNames) {
        Set<String> names = new HashSet<>(logNames);
        for (Callback callback : callbacks) {
            callback.check(Set.copyOf(names));
            names.addAll(callback.addedLogs());
        }
    }

    @Override
    public Set<String> addedLogs() {
        Set<String> names = new HashSet<>();
        callbacks.forEach(callback -> names.addAll(callback.addedLogs()));
        return names;
    }

    @Override
    public void trainBegin(TrainingRun run) {
        callbacks.forEach(callback -> callback.trainBegin(run));
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        callbacks.forEach(callback -> callback.trainEnd(run, logs));
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        callbacks.forEach(callback -> callback.epochBegin(run, epoch));
    }

    @Override
    public void epochResumed(TrainingRun run, int epoch, int batch) {
        callbacks.forEach(callback -> callback.epochResumed(run, epoch, batch));
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        callbacks.forEach(callback -> callback.epochEnd(run, epoch, logs));
    }

    @Override
    public void batchBegin(TrainingRun run, int batch) {
        for (int i = 0; i < callbacks.size(); i++) { // no iterator, no lambda: this runs every batch
            callbacks.get(i).batchBegin(run, batch);
        }
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        for (int i = 0; i < callbacks.size(); i++) {
            callbacks.get(i).batchEnd(run, batch, logs);
        }
    }

    @Override
    public Map<String, Object> state() {
        List<Object> states = new ArrayList<>();
        callbacks.forEach(callback -> states.add(callback.state()));
        return Map.of(KEY, states);
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        State kept = new State("callbacks", state);
        List<?> states = kept.list(KEY);
        if (states.size() != callbacks.size()) {
            throw new InvalidInputException(
                    "callbacks: the kept state is one of " + states.size() + " callbacks, there are " + callbacks.size()
                            + ". Resume with the callbacks the training was started with");
        }
        for (int i = 0; i < states.size(); i++) {
            if (!(states.get(i) instanceof Map<?, ?> map)) {
                throw kept.broken(KEY);
            }
            callbacks.get(i).restoreState(State.keyed(map));
        }
    }
}
