package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two recurrent layers, one of which reads time backwards: {@code y = merge(f(x), reverse(g(reverse(x))))}.
 *
 * <p>Adjoint: that of the merge, then of either half.
 *
 * <p>Follows {@code keras/src/layers/rnn/bidirectional.py} of Keras 3.15 (Schuster and Paliwal, 1997), which makes masked
 * steps put out zeros whenever sequences are returned.
 *
 * @param forwardLayer the first half
 * @param backwardLayer the second half; its {@code goBackwards} is the opposite of the first's
 * @param merge how outputs are combined
 */
public record Bidirectional(RecurrentLayer forwardLayer, RecurrentLayer backwardLayer, Merge merge)
        implements SequenceLayer {
    /** How the outputs of both halves are combined. */
    public enum Merge {
        CONCAT,
        SUM,
        MUL,
        AVE,
        /** They are two outputs. */
        NONE
    }

    public static Bidirectional fromConfig(LayerConfig config) {
        config.acknowledge("weights");
        boolean separate = config.values().containsKey("merge_mode") && !config.has("merge_mode"); // None
        String mode = config.oneOf("merge_mode", "concat", List.of("concat", "sum", "mul", "ave"));
        Merge merge = separate ? Merge.NONE : Merge.valueOf(mode.toUpperCase(Locale.ROOT));
        RecurrentLayer forward = recurrent(config, "layer").orElse(standIn());
        RecurrentLayer backward = config.has("backward_layer")
                ? recurrent(config, "backward_layer").orElse(standIn())
                : forward.withOptions(forward.options().reversed());
        config.acknowledge("backward_layer");
        RecurrentOptions first = forward.options();
        RecurrentOptions second = backward.options();
        if (first.returnSequences() != second.returnSequences()
                || first.returnState() != second.returnState()
                || first.stateful() != second.stateful()) {
            config.problem(
                    "forward and backward layer differ in return_sequences, return_state or stateful",
                    "Give both the same, as Keras requires.");
        }
        return new Bidirectional(zeroMasked(forward), zeroMasked(backward), merge);
    }

    private static Optional<RecurrentLayer> recurrent(LayerConfig config, String key) {
        Optional<Layer> layer = config.layer(key);
        if (layer.isPresent() && !(layer.get() instanceof RecurrentLayer)) {
            config.problem(
                    "'" + key + "' is a " + layer.get().className(), "Bidirectional takes SimpleRNN, LSTM or GRU.");
        }
        return layer.filter(RecurrentLayer.class::isInstance).map(RecurrentLayer.class::cast);
    }

    private static RecurrentLayer standIn() {
        return new SimpleRnn(1, Activation.TANH, true, new RecurrentOptions(false, false, false, false, false));
    }

    private static RecurrentLayer zeroMasked(RecurrentLayer layer) {
        RecurrentOptions options = layer.options();
        return layer.withOptions(options.withZeroOutputForMask(options.returnSequences()));
    }

    @Override
    public String className() {
        return "Bidirectional";
    }

    @Override
    public List<Cell> cells() {
        return List.of(new Cell("forward_layer/cell/", forwardLayer), new Cell("backward_layer/cell/", backwardLayer));
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        List<WeightSpec> weights = new ArrayList<>();
        List<Shape> sequence = inputs.subList(0, 1);
        forwardLayer.weights(sequence).forEach(spec -> weights.add(spec.within("forward_layer")));
        backwardLayer.weights(sequence).forEach(spec -> weights.add(spec.within("backward_layer")));
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        int states = (inputs.size() - 1) / 2;
        List<Shape> forward = forwardLayer.outputShapes(half(inputs, 1, states));
        List<Shape> backward = backwardLayer.outputShapes(half(inputs, 1 + states, inputs.size() - 1 - states));
        if (merge != Merge.CONCAT && merge != Merge.NONE && forwardLayer.units() != backwardLayer.units()) {
            throw new ShapeMismatchException(
                    "merge_mode '" + merge + "' needs halves of equal width, found " + forwardLayer.units() + " and "
                            + backwardLayer.units() + " units",
                    "Use merge_mode 'concat', or equal units.");
        }
        List<Shape> outputs = new ArrayList<>();
        if (merge == Merge.NONE) {
            outputs.add(forward.get(0));
            outputs.add(backward.get(0));
        } else if (merge == Merge.CONCAT) {
            outputs.add(forward.get(0).with(-1, Math.addExact(forwardLayer.units(), backwardLayer.units())));
        } else {
            outputs.add(forward.get(0));
        }
        outputs.addAll(forward.subList(1, forward.size()));
        outputs.addAll(backward.subList(1, backward.size()));
        return outputs;
    }

    private static List<Shape> half(List<Shape> inputs, int from, int count) {
        List<Shape> half = new ArrayList<>(inputs.subList(0, 1));
        half.addAll(inputs.subList(from, from + count));
        return half;
    }

    /** Number of outputs before the states. */
    int sequenceOutputs() {
        return merge == Merge.NONE ? 2 : 1;
    }

    @Override
    public boolean usesCarriedMask(int inputs) {
        return forwardLayer.usesCarriedMask(inputs);
    }

    @Override
    public boolean isStateful() {
        return forwardLayer.isStateful();
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return output < sequenceOutputs() && forwardLayer.options().returnSequences()
                ? OutputMask.ofFirst(masks)
                : OutputMask.NONE;
    }

    @Override
    public Operation forward(Binding binding, List<InputProjection> projections) {
        boolean sequences = forwardLayer.options().returnSequences();
        int forwardUnits = forwardLayer.units();
        int backwardUnits = backwardLayer.units();
        Slot output = binding.output(0);
        Recurrence.Target forwardTarget;
        Recurrence.Target backwardTarget;
        if (merge == Merge.CONCAT) {
            int stride = forwardUnits + backwardUnits;
            forwardTarget = new Recurrence.Target(output, 0, stride, false);
            backwardTarget = new Recurrence.Target(output, forwardUnits, stride, sequences);
        } else {
            Slot second = merge == Merge.NONE ? binding.output(1) : binding.scratch(output.rowSize());
            forwardTarget = new Recurrence.Target(output, 0, forwardUnits, false);
            backwardTarget = new Recurrence.Target(second, 0, backwardUnits, sequences);
        }
        Operation forward = half(binding, 0, projections.get(0), forwardTarget);
        Operation backward = half(binding, 1, projections.get(1), backwardTarget);
        Slot second = backwardTarget.slot();
        return (workspace, rows) -> {
            forward.run(workspace, rows);
            backward.run(workspace, rows);
            if (second != output && merge != Merge.NONE) {
                merge(
                        workspace.floats(output),
                        workspace.at(output),
                        workspace.floats(second),
                        workspace.at(second),
                        rows * output.rowSize());
            }
        };
    }

    private Operation half(Binding binding, int which, InputProjection projection, Recurrence.Target target) {
        Cell cell = cells().get(which);
        int states = cell.layer().states();
        List<Slot> initial = new ArrayList<>();
        if (binding.inputs() > 1) {
            for (int state = 0; state < states; state++) {
                initial.add(binding.input(1 + which * states + state));
            }
        }
        List<Slot> last = new ArrayList<>();
        if (cell.layer().options().returnState()) {
            for (int state = 0; state < states; state++) {
                last.add(binding.output(sequenceOutputs() + which * states + state));
            }
        }
        return Recurrence.bind(binding, cell.layer(), cell.owner(), projection, initial, target, last);
    }

    private void merge(float[] y, int yAt, float[] other, int otherAt, int length) {
        switch (merge) {
            case SUM -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] += other[otherAt + i];
                }
            }
            case MUL -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] *= other[otherAt + i];
                }
            }
            case AVE -> {
                for (int i = 0; i < length; i++) {
                    y[yAt + i] = (y[yAt + i] + other[otherAt + i]) / 2;
                }
            }
            case CONCAT, NONE ->
                throw new IllegalStateException("nothing to merge in " + Arrays.toString(Merge.values()));
        }
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        Slot inputGradient = binding.inputGradient(0);
        Slot second = inputGradient == null
                ? null
                : binding.adjointScratch(binding.input(0).rowSize());
        List<TrainedProjection> projections = List.of(
                new TrainedDenseProjection(binding, cells().get(0), inputGradient),
                new TrainedDenseProjection(binding, cells().get(1), second));
        LayerTraining halves = training(binding, projections, binding.inputMask(0));
        return inputGradient == null || second == null || halves.backward().isEmpty()
                ? halves
                : TrainedBidirectional.addingInputGradients(halves, binding, merge, second);
    }

    @Override
    public LayerTraining training(TrainingBinding binding, List<TrainedProjection> projections, @Nullable Slot mask) {
        return new TrainedBidirectional(this, binding, mask).training(projections);
    }
}
