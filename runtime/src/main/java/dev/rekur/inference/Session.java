package dev.rekur.inference;

import dev.rekur.InvalidInputException;
import dev.rekur.layer.StateSlot;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calls that follow one another: stateful layers carry their state over. Not thread-safe. */
public final class Session {
    private final Predictor predictor;
    private final List<float[]> states = new ArrayList<>();
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

    /** Fixes the number of rows with the first call, and makes room for the states before threads ask for them. */
    void begin(int rows, int[] stateRowSizes) {
        if (stateRowSizes.length > 0 && batch > 0 && rows != batch) {
            throw new InvalidInputException("a stateful model keeps one state for each row: expected " + batch
                    + " rows, found " + rows + "; feed the same number in every call, or reset with a new session");
        }
        batch = rows;
        for (int i = states.size(); i < stateRowSizes.length; i++) {
            states.add(new float[Math.multiplyExact(rows, stateRowSizes[i])]);
        }
    }

    float[] state(StateSlot state) {
        return states.get(state.id());
    }
}
