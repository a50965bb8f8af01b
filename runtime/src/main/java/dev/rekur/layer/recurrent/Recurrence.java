package dev.rekur.layer.recurrent;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all recurrent layers share: the input is projected for all steps at once, then time is walked step by step.
 *
 * <p>Positions count in the order of the projected input. Keras's {@code go_backwards} reads time backwards and puts
 * outputs out in the order in which they are computed; a {@link Target} that is reversed turns that order around, as
 * Bidirectional does for its backward half. Of the two, reading backwards and writing backwards, either cancels the
 * other's effect on the buffer: the loop then runs down over unreversed positions and works in place.
 *
 * <p>Masks follow {@code keras/src/backend/tensorflow/rnn.py} of Keras 3.15: at a masked step the state stays, and the
 * output is that of the step before, or zero before there was one or with {@code zero_output_for_mask}.
 */
final class Recurrence implements Operation {
    /**
     * Where a layer's output goes.
     *
     * @param slot the buffer; one vector a row, or one a row and step
     * @param offset where in a vector of the buffer the units begin
     * @param stride length of a vector of the buffer
     * @param reversed whether outputs stand in the reverse of the order in which they are computed
     */
    record Target(Slot slot, int offset, int stride, boolean reversed) {}

    /**
     * What a mask takes.
     *
     * @param mask a flag a step, false where the step is masked
     * @param keptStates states before a step, for rows that are masked there
     */
    private record Masked(Slot mask, Slot keptStates) {}

    private final InputProjection projection;
    private final RecurrentStep step;
    private final RecurrentOptions options;
    private final int units;
    private final int time;
    private final Target target;
    private final CallStates callStates;
    private final List<Slot> states;
    private final @Nullable Masked masked;
    /** Where the projected input lies: in the target, to be overwritten there step by step, or in a buffer of its own. */
    private final Target projected;

    private Recurrence(
            Binding binding,
            RecurrentLayer layer,
            String owner,
            InputProjection projection,
            List<Slot> initialStates,
            Target target,
            List<Slot> lastStates) {
        this.projection = projection;
        this.options = layer.options();
        this.units = layer.units();
        this.time = projection.time();
        this.target = target;
        this.callStates = new CallStates(binding, layer, initialStates, lastStates);
        List<Slot> stateSlots = new ArrayList<>();
        for (int state = 0; state < layer.states(); state++) {
            stateSlots.add(binding.scratch(units));
        }
        this.states = List.copyOf(stateSlots);
        Slot mask = Shapes.requireSteps(binding.inputMask(0), time);
        this.masked = mask == null ? null : new Masked(mask, binding.scratch(units * layer.states()));
        int width = layer.gates() * units;
        this.projected = options.returnSequences() && layer.gates() == 1
                ? target
                : new Target(binding.scratch(Math.multiplyExact(time, width)), 0, width, false);
        this.step = layer.step(binding, owner, states);
    }

    /** Binds a layer, or one half of a Bidirectional. */
    static Operation bind(
            Binding binding,
            RecurrentLayer layer,
            String owner,
            InputProjection projection,
            List<Slot> initialStates,
            Target target,
            List<Slot> lastStates) {
        return new Recurrence(binding, layer, owner, projection, initialStates, target, lastStates);
    }

    @Override
    public void run(Workspace workspace, int rows) {
        boolean inTarget = projected == target;
        float[] z = workspace.floats(projected.slot());
        int zAt = workspace.at(projected.slot()) + projected.offset();
        int zStride = projected.stride();
        boolean readReversed = options.goBackwards() != target.reversed();
        projection.run(workspace, rows, z, zAt, zStride, readReversed);
        loadStates(workspace, rows);
        for (int s = 0; s < time; s++) {
            int position = target.reversed() ? time - 1 - s : s;
            int stepAt = zAt + position * zStride;
            if (masked == null) {
                step.run(workspace, rows, z, stepAt, time * zStride);
                if (options.returnSequences() && !inTarget) {
                    writeOutput(workspace, rows, position);
                }
            } else {
                int maskedStep = readReversed ? time - 1 - position : position;
                runMasked(masked, workspace, rows, z, stepAt, time * zStride, s, position, maskedStep);
            }
        }
        if (!options.returnSequences() && time == 0) {
            fillTarget(workspace, rows);
        } else if (!options.returnSequences() && masked == null) {
            writeOutput(workspace, rows, 0);
        }
        saveStates(workspace, rows);
    }

    private void loadStates(Workspace workspace, int rows) {
        for (int i = 0; i < states.size(); i++) {
            callStates.load(workspace, rows, i, workspace.floats(states.get(i)), workspace.at(states.get(i)));
        }
    }

    private void saveStates(Workspace workspace, int rows) {
        for (int i = 0; i < states.size(); i++) {
            callStates.save(workspace, rows, i, workspace.floats(states.get(i)), workspace.at(states.get(i)));
        }
    }

    private void runMasked(
            Masked masks,
            Workspace workspace,
            int rows,
            float[] z,
            int zAt,
            int zStride,
            int s,
            int position,
            int maskedStep) {
        boolean[] flags = workspace.flags(masks.mask());
        int maskAt = workspace.at(masks.mask()) + maskedStep;
        for (int row = 0; row < rows; row++) {
            if (!flags[maskAt + row * time]) {
                moveStates(workspace, masks.keptStates(), row, true);
            }
        }
        step.run(workspace, rows, z, zAt, zStride);
        for (int row = 0; row < rows; row++) {
            boolean valid = flags[maskAt + row * time];
            if (!valid) {
                moveStates(workspace, masks.keptStates(), row, false);
            }
            writeMaskedOutput(workspace, row, s, position, valid);
        }
    }

    /** Saves the states of a row before a step, or restores them after it. */
    private void moveStates(Workspace workspace, Slot keptStates, int row, boolean save) {
        float[] kept = workspace.floats(keptStates);
        int keptAt = workspace.at(keptStates) + row * keptStates.rowSize();
        for (int i = 0; i < states.size(); i++) {
            float[] state = workspace.floats(states.get(i));
            int stateAt = workspace.at(states.get(i)) + row * units;
            if (save) {
                System.arraycopy(state, stateAt, kept, keptAt + i * units, units);
            } else {
                System.arraycopy(kept, keptAt + i * units, state, stateAt, units);
            }
        }
    }

    private void writeMaskedOutput(Workspace workspace, int row, int s, int position, boolean valid) {
        float[] y = workspace.floats(target.slot());
        int length = options.returnSequences() ? time : 1;
        int rowAt = workspace.at(target.slot()) + target.offset() + row * length * target.stride();
        int at = options.returnSequences() ? rowAt + position * target.stride() : rowAt;
        if (valid) {
            Slot state = states.get(0);
            System.arraycopy(workspace.floats(state), workspace.at(state) + row * units, y, at, units);
        } else if (s == 0 || options.zeroOutputForMask()) {
            Arrays.fill(y, at, at + units, 0f);
        } else if (options.returnSequences()) {
            int before = target.reversed() ? at + target.stride() : at - target.stride();
            System.arraycopy(y, before, y, at, units);
        }
    }

    /** Copies the output state of all rows to a position of the target. */
    private void writeOutput(Workspace workspace, int rows, int position) {
        Slot state = states.get(0);
        float[] h = workspace.floats(state);
        int from = workspace.at(state);
        float[] y = workspace.floats(target.slot());
        int length = options.returnSequences() ? time : 1;
        int at = workspace.at(target.slot()) + target.offset() + position * target.stride();
        for (int row = 0; row < rows; row++) {
            System.arraycopy(h, from + row * units, y, at + row * length * target.stride(), units);
        }
    }

    private void fillTarget(Workspace workspace, int rows) {
        float[] y = workspace.floats(target.slot());
        int at = workspace.at(target.slot()) + target.offset();
        for (int row = 0; row < rows; row++) {
            Arrays.fill(y, at + row * target.stride(), at + row * target.stride() + units, 0f);
        }
    }
}
