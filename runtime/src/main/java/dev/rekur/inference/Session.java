package dev.rekur.inference;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.StateSlot;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calls that follow one another: stateful layers carry their state over. Not thread-safe. */
public final class Session {
    private final Predictor predictor;
    /** States after the last call that succeeded. */
    private List<float[]> states = new ArrayList<>();
    /** States as the call under way writes them. */
    private List<float[]> nextStates = new ArrayList<>();

    private int batch;

    Session(Predictor predictor, int batch) {
        this.predictor = predictor;
        this.batch = batch;
    }

    /**
     * Predicts, going on from where the call before ended.
     *
     * @param inputs in the order of the model's inputs, as many rows as in the first call
     * @return in the order of the model's outputs
     * @throws InvalidInputException if the inputs do not fit
     */
    public List<Tensor> predict(List<? extends Tensor> inputs) {
        return predictor.predict(inputs, this);
    }

    /** Forgets all state. */
    public void reset() {
        states.forEach(state -> Arrays.fill(state, 0f));
    }

    /**
     * Begins a call: makes room for the states before threads ask for them.
     *
     * @throws InvalidInputException if the states are those of another number of rows
     */
    void begin(int rows, int[] stateRowSizes) {
        if (stateRowSizes.length > 0 && batch > 0 && rows != batch) {
            throw new InvalidInputException("a stateful model keeps one state for each row: expected " + batch
                    + " rows, found " + rows + "; feed the same number in every call, or begin a new session");
        }
        nextStates = new ArrayList<>();
        HeapLimit.require(
                "states of " + rows + " rows",
                4L * rows * Arrays.stream(stateRowSizes).asLongStream().sum());
        for (int rowSize : stateRowSizes) {
            nextStates.add(new float[Math.multiplyExact(rows, rowSize)]);
        }
        if (states.size() != nextStates.size() || batch != rows) {
            states = new ArrayList<>();
            nextStates.forEach(state -> states.add(state.clone()));
        }
    }

    /** Ends a call that succeeded: its states are the ones that count. A call that was refused leaves no trace. */
    void commit(int rows) {
        states = nextStates;
        batch = rows;
    }

    float[] state(StateSlot state) {
        return states.get(state.id());
    }

    float[] nextState(StateSlot state) {
        return nextStates.get(state.id());
    }
}
