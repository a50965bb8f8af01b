package dev.rekur.layer.recurrent;

import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * What a recurrent layer keeps of all steps of a training call, step by step in the order in which they are computed: of each
 * step all rows, side by side.
 *
 * @param time number of steps
 * @param units length of a state
 * @param width length of a projected input: {@code gates * units}
 * @param projected the projected input of each step; what becomes of it until backward writes its gradient there, is the
 *     cell's affair
 * @param states for each state its values before the first step, after the first step, ...: one more than there are steps
 * @param gradients for each state the gradient with respect to it, as backward walks the steps
 */
public record Tape(int time, int units, int width, Slot projected, List<Slot> states, List<Slot> gradients) {
    static Tape reserve(TrainingBinding binding, RecurrentLayer layer, int time) {
        int width = Math.multiplyExact(layer.gates(), layer.units());
        List<Slot> states = new ArrayList<>();
        List<Slot> gradients = new ArrayList<>();
        for (int state = 0; state < layer.states(); state++) {
            states.add(binding.saved(Math.multiplyExact(time + 1, layer.units())));
            gradients.add(binding.adjointScratch(layer.units()));
        }
        return new Tape(time, layer.units(), width, binding.saved(Math.multiplyExact(time, width)), states, gradients);
    }

    /** Where the projected input of a step begins. */
    int projectedAt(Workspace workspace, int rows, int step) {
        return workspace.at(projected) + step * rows * width;
    }

    /** Where a state begins as it is before a step. */
    int stateAt(Workspace workspace, int state, int rows, int step) {
        return workspace.at(states.get(state)) + step * rows * units;
    }
}
