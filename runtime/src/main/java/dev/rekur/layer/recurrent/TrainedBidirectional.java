package dev.rekur.layer.recurrent;

import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link Bidirectional} in training: its halves, and the adjoint of the merge, which gives each half the gradient with respect
 * to its own output.
 */
final class TrainedBidirectional {
    private final Bidirectional layer;
    private final TrainingBinding binding;
    private final Slot output;
    private final List<Recurrence.Target> targets = new ArrayList<>();
    private final List<Recurrence.@Nullable Target> gradients = new ArrayList<>();
    private final @Nullable Slot mask;

    TrainedBidirectional(Bidirectional layer, TrainingBinding binding, @Nullable Slot mask) {
        this.layer = layer;
        this.binding = binding;
        this.output = binding.output(0);
        this.mask = mask;
        int first = layer.forwardLayer().units();
        int second = layer.backwardLayer().units();
        boolean sequences = layer.forwardLayer().options().returnSequences();
        Slot dy = binding.outputGradient(0);
        switch (layer.merge()) {
            case CONCAT -> {
                connect(output, 0, first + second, false, dy);
                connect(output, first, first + second, sequences, dy);
            }
            case NONE -> {
                connect(output, 0, first, false, dy);
                connect(binding.output(1), 0, second, sequences, binding.outputGradient(1));
            }
            case SUM -> {
                connect(output, 0, first, false, dy);
                connect(binding.scratch(output.rowSize()), 0, second, sequences, dy);
            }
            case AVE -> {
                connect(output, 0, first, false, dy);
                connect(binding.scratch(output.rowSize()), 0, second, sequences, dy);
            }
            case MUL -> {
                Slot other = dy == null ? null : binding.adjointScratch(output.rowSize());
                connect(binding.saved(output.rowSize()), 0, first, false, dy);
                connect(binding.saved(output.rowSize()), 0, second, sequences, other);
            }
        }
    }

    private void connect(Slot target, int offset, int stride, boolean reversed, @Nullable Slot gradient) {
        targets.add(new Recurrence.Target(target, offset, stride, reversed));
        gradients.add(gradient == null ? null : new Recurrence.Target(gradient, offset, stride, reversed));
    }

    LayerTraining training(List<TrainedProjection> projections) {
        LayerTraining first = half(0, projections.get(0));
        LayerTraining second = half(1, projections.get(1));
        List<TrainingOperation> forward = new ArrayList<>(first.forward());
        forward.addAll(second.forward());
        forward.add((TrainingOperation.EachShard) this::merge);
        List<TrainingOperation> backward = new ArrayList<>();
        if (gradients.get(0) != null) {
            backward.add((TrainingOperation.EachShard) this::unmerge);
        }
        backward.addAll(first.backward());
        backward.addAll(second.backward());
        return new LayerTraining(forward, backward);
    }

    /**
     * The halves' training, and after it the sum of what both pass on to the input.
     *
     * @param second where the second half has written its part
     */
    static LayerTraining addingInputGradients(
            LayerTraining halves, TrainingBinding binding, Bidirectional.Merge merge, Slot second) {
        Slot sum = binding.inputGradient(0);
        if (sum == null) {
            return halves;
        }
        List<TrainingOperation> backward = new ArrayList<>();
        // of two outputs, one may have no gradient, and then its half passes on nothing
        boolean whole = binding.outputGradient(0) != null
                && (merge != Bidirectional.Merge.NONE || binding.outputGradient(1) != null);
        if (!whole) {
            for (Slot slot : List.of(sum, second)) {
                backward.add((TrainingOperation.EachShard) (workspace, rows) -> {
                    int at = workspace.at(slot);
                    Arrays.fill(workspace.floats(slot), at, at + rows * slot.rowSize(), 0f);
                });
            }
        }
        backward.addAll(halves.backward());
        backward.add((TrainingOperation.EachShard) (workspace, rows) -> workspace
                .kernels()
                .add(
                        workspace.floats(second),
                        workspace.at(second),
                        workspace.floats(sum),
                        workspace.at(sum),
                        rows * sum.rowSize()));
        return new LayerTraining(halves.forward(), backward);
    }

    private LayerTraining half(int which, TrainedProjection projection) {
        SequenceLayer.Cell cell = layer.cells().get(which);
        int states = cell.layer().states();
        List<Slot> initial = new ArrayList<>();
        List<@Nullable Slot> initialGradients = new ArrayList<>();
        for (int state = 0; binding.inputs() > 1 && state < states; state++) {
            initial.add(binding.input(1 + layer.statesBefore(which) + state));
            initialGradients.add(binding.inputGradient(1 + layer.statesBefore(which) + state));
        }
        List<Slot> last = new ArrayList<>();
        List<@Nullable Slot> lastGradients = new ArrayList<>();
        for (int state = 0; cell.layer().options().returnState() && state < states; state++) {
            int index = layer.sequenceOutputs() + layer.statesBefore(which) + state;
            last.add(binding.output(index));
            lastGradients.add(binding.outputGradient(index));
        }
        TrainedRecurrence.Ends ends = new TrainedRecurrence.Ends(
                mask, initial, initialGradients, targets.get(which), gradients.get(which), last, lastGradients);
        return TrainedRecurrence.bind(binding, cell.layer(), cell.owner(), projection, ends);
    }

    private void merge(TrainingWorkspace workspace, int rows) {
        float[] y = workspace.floats(output);
        int yAt = workspace.at(output);
        float[] first = workspace.floats(targets.get(0).slot());
        int firstAt = workspace.at(targets.get(0).slot());
        float[] second = workspace.floats(targets.get(1).slot());
        int secondAt = workspace.at(targets.get(1).slot());
        int length = rows * output.rowSize();
        switch (layer.merge()) {
            case SUM -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] += second[secondAt + i];
                }
            }
            case AVE -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] = (y[yAt + i] + second[secondAt + i]) / 2;
                }
            }
            case MUL -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] = first[firstAt + i] * second[secondAt + i];
                }
            }
            case CONCAT, NONE -> {
                // the halves have written to their places
            }
        }
    }

    /** The gradient with respect to the merged output becomes those with respect to the halves' outputs. */
    private void unmerge(TrainingWorkspace workspace, int rows) {
        Recurrence.Target target = gradients.get(0);
        Recurrence.Target other = gradients.get(1);
        if (target == null || other == null) {
            return;
        }
        float[] dy = workspace.floats(target.slot());
        int dyAt = workspace.at(target.slot());
        int length = rows * output.rowSize();
        if (layer.merge() == Bidirectional.Merge.AVE) {
            for (int i = 0; i < length; i++) {
                dy[dyAt + i] /= 2;
            }
        } else if (layer.merge() == Bidirectional.Merge.MUL) {
            float[] first = workspace.floats(targets.get(0).slot());
            int firstAt = workspace.at(targets.get(0).slot());
            float[] second = workspace.floats(targets.get(1).slot());
            int secondAt = workspace.at(targets.get(1).slot());
            float[] d = workspace.floats(other.slot());
            int dAt = workspace.at(other.slot());
            for (int i = 0; i < length; i++) {
                d[dAt + i] = dy[dyAt + i] * first[firstAt + i];
                dy[dyAt + i] *= second[secondAt + i];
            }
        }
    }
}
