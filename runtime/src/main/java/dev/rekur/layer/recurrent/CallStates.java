package dev.rekur.layer.recurrent;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the states of a call come from, and where they go: an initial state, the session's, or zero; the last states that a layer
 * returns, and the session again.
 */
final class CallStates {
    private final int units;
    private final List<Slot> initial;
    private final List<Slot> last;
    /** Empty unless the layer is stateful. */
    private final List<StateSlot> session;

    /**
     * @param initial empty if the state begins at zero, or where the session left it
     * @param last empty if they are not returned
     */
    CallStates(Binding binding, RecurrentLayer layer, List<Slot> initial, List<Slot> last) {
        this.units = layer.units();
        this.initial = List.copyOf(initial);
        this.last = List.copyOf(last);
        List<StateSlot> slots = new ArrayList<>();
        for (int state = 0; layer.options().stateful() && state < layer.states(); state++) {
            slots.add(binding.state(units));
        }
        this.session = List.copyOf(slots);
    }

    /** Writes a state as it is before the first step to {@code h}, from {@code at} on, row by row. */
    void load(Workspace workspace, int rows, int state, float[] h, int at) {
        if (!initial.isEmpty()) {
            Slot given = initial.get(state);
            System.arraycopy(workspace.floats(given), workspace.at(given), h, at, rows * units);
            return;
        }
        float @Nullable [] kept = session.isEmpty() ? null : workspace.state(session.get(state));
        if (kept == null) {
            Arrays.fill(h, at, at + rows * units, 0f);
        } else {
            System.arraycopy(kept, workspace.firstRow() * units, h, at, rows * units);
        }
    }

    /** Reads a state as it is after the last step from {@code h}. */
    void save(Workspace workspace, int rows, int state, float[] h, int at) {
        if (!last.isEmpty()) {
            Slot returned = last.get(state);
            System.arraycopy(h, at, workspace.floats(returned), workspace.at(returned), rows * units);
        }
        float @Nullable [] kept = session.isEmpty() ? null : workspace.nextState(session.get(state));
        if (kept != null) {
            System.arraycopy(h, at, kept, workspace.firstRow() * units, rows * units);
        }
    }
}
