package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.Workspace;
import dev.rekur.layer.core.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all recurrent layers share in training: {@link Recurrence} with a {@link Tape}, and backpropagation through time.
 *
 * <p>Adjoint: steps are walked backwards; at each, what the output passes on is added to the gradient of the state, and the cell
 * goes back over the step. When all are done, each weight's gradient is one product over all steps and rows.
 *
 * <p>Masks: at a masked step the state's gradient passes unchanged, and that of the output goes to the step whose output it
 * repeats, or nowhere if that output is zero.
 *
 * <p>State that outlives the call is a constant: backpropagation is truncated where the call began.
 */
final class TrainedRecurrence {
    /**
     * What one call is connected to.
     *
     * @param mask which steps count, or null
     * @param initialStates empty if the state begins at zero, or where the session left it
     * @param output where outputs go
     * @param outputGradient null if nothing depends on the output
     * @param lastStates empty if they are not returned
     */
    record Ends(
            @Nullable Slot mask,
            List<Slot> initialStates,
            List<@Nullable Slot> initialStateGradients,
            Recurrence.Target output,
            Recurrence.@Nullable Target outputGradient,
            List<Slot> lastStates,
            List<@Nullable Slot> lastStateGradients) {
        /** Whether anything depends on what the call puts out. */
        boolean isReached() {
            return outputGradient != null || lastStateGradients.stream().anyMatch(gradient -> gradient != null);
        }
    }

    private final RecurrentOptions options;
    private final Ends ends;
    private final Tape tape;
    private final TrainedProjection projection;
    private final TrainedStep step;
    private final @Nullable Slot mask;
    private final CallStates callStates;
    /** Gradient with respect to the output that the steps before repeat. */
    private final Slot carried;

    private final List<Slot> keptGradients = new ArrayList<>();
    /** Norms of the gradients of states, then outputs, for those who watch the training; null if there is no adjoint. */
    private final @Nullable Slot trace;

    private final int time;
    private final int units;
    private final float[] zeros;

    private TrainedRecurrence(
            TrainingBinding binding, RecurrentLayer layer, String owner, TrainedProjection projection, Ends ends) {
        this.options = layer.options();
        this.ends = ends;
        this.time = binding.inputShape(0).dimension(1);
        this.units = layer.units();
        this.zeros = new float[units + Workspace.SLACK];
        this.tape = Tape.reserve(binding, layer, time);
        this.projection = projection;
        this.step = layer.trainedStep(binding, owner, tape);
        Slot flags = Shapes.requireSteps(ends.mask(), time);
        this.mask = flags == null ? null : binding.keep(flags);
        this.carried = binding.adjointScratch(units);
        this.callStates = new CallStates(binding, layer, ends.initialStates(), ends.lastStates());
        this.trace = ends.isReached() ? binding.stateTrace(owner, time) : null;
        for (int state = 0; state < layer.states(); state++) {
            if (mask != null) {
                keptGradients.add(binding.adjointScratch(units));
            }
        }
    }

    /** Binds a layer, or one half of a Bidirectional. */
    static LayerTraining bind(
            TrainingBinding binding, RecurrentLayer layer, String owner, TrainedProjection projection, Ends ends) {
        TrainedRecurrence recurrence = new TrainedRecurrence(binding, layer, owner, projection, ends);
        List<TrainingOperation> forward = new ArrayList<>(projection.before());
        forward.add((TrainingOperation.EachShard) recurrence::forward);
        List<TrainingOperation> backward = new ArrayList<>();
        if (ends.isReached()) {
            backward.add((TrainingOperation.EachShard) recurrence::backward);
            backward.addAll(projection.after(recurrence.tape, recurrence.options.goBackwards()));
        }
        return new LayerTraining(forward, backward);
    }

    private int inputStep(int s) {
        return options.goBackwards() ? time - 1 - s : s;
    }

    private boolean isValid(TrainingWorkspace workspace, Slot flags, int row, int s) {
        return workspace.flags(flags)[workspace.at(flags) + row * time + inputStep(s)];
    }

    private void forward(TrainingWorkspace workspace, int rows) {
        projection.project(workspace, rows, tape, options.goBackwards());
        loadStates(workspace, rows);
        step.draw(workspace, rows);
        if (!options.returnSequences() && time == 0) {
            for (int row = 0; row < rows; row++) {
                int at = outputAt(workspace, ends.output(), row, 0);
                Arrays.fill(workspace.floats(ends.output().slot()), at, at + units, 0f);
            }
        }
        for (int s = 0; s < time; s++) {
            step.forward(workspace, rows, s);
            if (mask == null) {
                if (options.returnSequences() || s == time - 1) {
                    writeOutputs(workspace, rows, s);
                }
                continue;
            }
            for (int row = 0; row < rows; row++) {
                boolean valid = isValid(workspace, mask, row, s);
                if (!valid) {
                    keepStates(workspace, rows, row, s);
                }
                writeOutput(workspace, rows, row, s, valid);
            }
        }
        saveStates(workspace, rows);
    }

    private void loadStates(TrainingWorkspace workspace, int rows) {
        for (int i = 0; i < tape.states().size(); i++) {
            float[] h = workspace.floats(tape.states().get(i));
            callStates.load(workspace, rows, i, h, tape.stateAt(workspace, i, rows, 0));
        }
    }

    private void saveStates(TrainingWorkspace workspace, int rows) {
        for (int i = 0; i < tape.states().size(); i++) {
            float[] h = workspace.floats(tape.states().get(i));
            callStates.save(workspace, rows, i, h, tape.stateAt(workspace, i, rows, time));
        }
    }

    /** A masked row keeps its states. */
    private void keepStates(TrainingWorkspace workspace, int rows, int row, int s) {
        for (int i = 0; i < tape.states().size(); i++) {
            float[] h = workspace.floats(tape.states().get(i));
            int before = tape.stateAt(workspace, i, rows, s) + row * units;
            System.arraycopy(h, before, h, before + rows * units, units);
        }
    }

    /** Where the output of a step begins in a target, which holds one vector a row where only the last is put out. */
    private int outputAt(TrainingWorkspace workspace, Recurrence.Target target, int row, int s) {
        int length = options.returnSequences() ? time : 1;
        int position = !options.returnSequences() ? 0 : target.reversed() ? time - 1 - s : s;
        return workspace.at(target.slot()) + target.offset() + (row * length + position) * target.stride();
    }

    /** Copies a step's state of all rows. */
    private void writeOutputs(TrainingWorkspace workspace, int rows, int s) {
        float[] h = workspace.floats(tape.states().get(0));
        int from = tape.stateAt(workspace, 0, rows, s + 1);
        float[] y = workspace.floats(ends.output().slot());
        int at = outputAt(workspace, ends.output(), 0, s);
        int rowSize = outputRowSize(ends.output());
        for (int row = 0; row < rows; row++) {
            System.arraycopy(h, from + row * units, y, at + row * rowSize, units);
        }
    }

    private int outputRowSize(Recurrence.Target target) {
        return (options.returnSequences() ? time : 1) * target.stride();
    }

    private void writeOutput(TrainingWorkspace workspace, int rows, int row, int s, boolean valid) {
        float[] y = workspace.floats(ends.output().slot());
        int at = outputAt(workspace, ends.output(), row, s);
        if (valid) {
            int from = tape.stateAt(workspace, 0, rows, s + 1) + row * units;
            System.arraycopy(workspace.floats(tape.states().get(0)), from, y, at, units);
        } else if (s == 0 || options.zeroOutputForMask()) {
            Arrays.fill(y, at, at + units, 0f);
        } else if (options.returnSequences()) {
            System.arraycopy(y, outputAt(workspace, ends.output(), row, s - 1), y, at, units);
        }
    }

    private void backward(TrainingWorkspace workspace, int rows) {
        beginGradients(workspace, rows);
        Recurrence.Target target = ends.outputGradient();
        boolean ahead = mask == null && target != null && options.returnSequences();
        for (int s = time - 1; s >= 0; s--) {
            if (!ahead || s == time - 1) {
                addOutputGradient(workspace, rows, s);
            }
            if (trace != null && workspace.tracesStates()) {
                traceStates(workspace, trace, rows, s);
            }
            if (mask != null) {
                moveMaskedGradients(workspace, mask, rows, s, true);
            }
            flush(workspace, rows);
            if (target != null && ahead && s > 0) { // what the output before passes on is where the product begins
                float[] dy = workspace.floats(target.slot());
                int at = outputAt(workspace, target, 0, s - 1);
                step.backward(workspace, rows, s, dy, at, outputRowSize(target));
            } else {
                step.backward(workspace, rows, s, zeros, 0, 0);
            }
            if (mask != null) {
                moveMaskedGradients(workspace, mask, rows, s, false);
            }
        }
        for (int i = 0; i < ends.initialStateGradients().size(); i++) {
            Slot gradient = ends.initialStateGradients().get(i);
            if (gradient != null) {
                workspace.copy(tape.gradients().get(i), gradient, rows);
            }
        }
        step.addGradients(workspace, rows);
        projection.adjoint(workspace, rows, tape, options.goBackwards());
    }

    /** A gradient that has vanished is zero. */
    private void flush(TrainingWorkspace workspace, int rows) {
        for (int state = 0; state < tape.gradients().size(); state++) {
            Slot gradient = tape.gradients().get(state);
            workspace.kernels().flush(workspace.floats(gradient), workspace.at(gradient), rows * units);
        }
    }

    /** Notes how large the gradient of the states after a step is. */
    private void traceStates(TrainingWorkspace workspace, Slot norms, int rows, int s) {
        double squares = 0;
        for (int state = 0; state < tape.gradients().size(); state++) {
            float[] gradient = workspace.floats(tape.gradients().get(state));
            int at = workspace.at(tape.gradients().get(state));
            for (int i = at; i < at + rows * units; i++) {
                squares += (double) gradient[i] * gradient[i];
            }
        }
        workspace.floats(norms)[workspace.at(norms) + s] = (float) Math.sqrt(squares);
        workspace.floats(norms)[workspace.at(norms) + time + s] = (float) Math.sqrt(outputSquares(workspace, rows, s));
    }

    private double outputSquares(TrainingWorkspace workspace, int rows, int s) {
        Recurrence.Target target = ends.outputGradient();
        double squares = 0;
        if (target == null || (!options.returnSequences() && s < time - 1)) {
            return squares;
        }
        float[] dy = workspace.floats(target.slot());
        for (int row = 0; row < rows; row++) {
            int at = outputAt(workspace, target, row, s);
            for (int i = at; i < at + units; i++) {
                squares += (double) dy[i] * dy[i];
            }
        }
        return squares;
    }

    private void beginGradients(TrainingWorkspace workspace, int rows) {
        for (int i = 0; i < tape.gradients().size(); i++) {
            Slot gradient = tape.gradients().get(i);
            Slot last = ends.lastStateGradients().isEmpty()
                    ? null
                    : ends.lastStateGradients().get(i);
            if (last != null) {
                workspace.copy(last, gradient, rows);
            } else {
                int at = workspace.at(gradient);
                Arrays.fill(workspace.floats(gradient), at, at + rows * units, 0f);
            }
        }
        int at = workspace.at(carried);
        Arrays.fill(workspace.floats(carried), at, at + rows * units, 0f);
    }

    /** Adds what a step's output passes on, if it has one, to the gradient of its state. */
    private void addOutputGradient(TrainingWorkspace workspace, int rows, int s) {
        Recurrence.Target target = ends.outputGradient();
        if (target == null) {
            return;
        }
        boolean hasOutput = options.returnSequences() || s == time - 1;
        float[] dy = workspace.floats(target.slot());
        float[] dh = workspace.floats(tape.gradients().get(0));
        float[] waiting = workspace.floats(carried);
        for (int row = 0; row < rows; row++) {
            int dyAt = outputAt(workspace, target, row, s);
            int dhAt = workspace.at(tape.gradients().get(0)) + row * units;
            if (mask == null) {
                if (hasOutput) {
                    workspace.kernels().add(dy, dyAt, dh, dhAt, units);
                }
                continue;
            }
            int waitingAt = workspace.at(carried) + row * units;
            if (hasOutput) {
                workspace.kernels().add(dy, dyAt, waiting, waitingAt, units);
            }
            boolean valid = isValid(workspace, mask, row, s);
            if (valid) {
                workspace.kernels().add(waiting, waitingAt, dh, dhAt, units);
            }
            if (valid || options.zeroOutputForMask()) {
                Arrays.fill(waiting, waitingAt, waitingAt + units, 0f);
            }
        }
    }

    /** Saves the gradients of masked rows before a step, or restores them after it: they pass it unchanged. */
    private void moveMaskedGradients(TrainingWorkspace workspace, Slot flags, int rows, int s, boolean save) {
        for (int row = 0; row < rows; row++) {
            if (isValid(workspace, flags, row, s)) {
                continue;
            }
            for (int i = 0; i < keptGradients.size(); i++) {
                Slot from = save ? tape.gradients().get(i) : keptGradients.get(i);
                Slot to = save ? keptGradients.get(i) : tape.gradients().get(i);
                System.arraycopy(
                        workspace.floats(from),
                        workspace.at(from) + row * units,
                        workspace.floats(to),
                        workspace.at(to) + row * units,
                        units);
            }
            if (!save) {
                step.silence(workspace, rows, s, row);
            }
        }
    }
}
