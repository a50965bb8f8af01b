package dev.rekur.layer.recurrent;

import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Shapes;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer that carries a state along time. It supplies its weights and one step; {@link Recurrence} does the rest.
 *
 * <p>The input is {@code [batch, time, features]}, optionally followed by the initial states, each {@code [batch,
 * units]}. Output 0 is {@code [batch, time, units]} with {@code returnSequences}, else {@code [batch, units]}; with
 * {@code returnState} the last states follow.
 */
public interface RecurrentLayer extends SequenceLayer {
    int units();

    /** Number of gates: the input is projected to {@code gates * units} features. */
    int gates();

    /** Number of state vectors; the first is the output. */
    int states();

    RecurrentOptions options();

    /** Whether {@link RecurrentOptions#zeroOutputForMask} has an effect on this layer in a version of Keras. */
    default boolean heedsZeroOutputForMask(KerasVersion version) {
        return true;
    }

    /** The same layer with other options. */
    RecurrentLayer withOptions(RecurrentOptions options);

    /** Weights of the cell, all held by the Keras object {@code cell}: first {@code kernel}, then the others. */
    List<WeightSpec> cellWeights(int features);

    /** What is added to the projected input, {@code gates * units} floats and slack; zeros if there is no bias. */
    float[] inputBias(Binding binding, String owner);

    /**
     * Binds one step.
     *
     * @param owner path of the cell below the layer: {@code cell/}, {@code forward_layer/cell/}
     * @param states buffers of the states, {@code units} floats a row
     */
    RecurrentStep step(Binding binding, String owner, List<Slot> states);

    /** Binds one step and its adjoint for training. */
    TrainedStep trainedStep(TrainingBinding binding, String owner, Tape tape);

    @Override
    default List<WeightSpec> weights(List<Shape> inputs) {
        return cellWeights(Shapes.features(sequence(inputs))).stream()
                .map(spec -> spec.within("cell"))
                .toList();
    }

    @Override
    default List<Shape> outputShapes(List<Shape> inputs) {
        Shape sequence = sequence(inputs);
        if (inputs.size() != 1 && inputs.size() != 1 + states()) {
            throw new ShapeMismatchException(
                    "expected an initial state of " + states() + " tensors, found " + (inputs.size() - 1),
                    "Pass initial_state as Keras's " + className() + " gives it with return_state=True.");
        }
        for (Shape state : inputs.subList(1, inputs.size())) {
            if (!state.isCompatibleWith(Shape.of(Shape.UNKNOWN, units()))) {
                throw new ShapeMismatchException(
                        "expected initial states [None, " + units() + "], found " + state,
                        "Take the state from a layer with the same number of units.");
            }
        }
        int batch = sequence.dimension(0);
        List<Shape> outputs = new ArrayList<>();
        outputs.add(
                options().returnSequences()
                        ? Shape.of(batch, sequence.dimension(1), units())
                        : Shape.of(batch, units()));
        for (int state = 0; options().returnState() && state < states(); state++) {
            outputs.add(Shape.of(batch, units()));
        }
        return outputs;
    }

    @Override
    default boolean usesCarriedMask(int inputs) {
        return inputs == 1 || options().masksGivenStates();
    }

    @Override
    default boolean isStateful() {
        return options().stateful();
    }

    @Override
    default OutputMask outputMask(int output, InputMasks masks) {
        return output == 0 && options().returnSequences() ? OutputMask.ofFirst(masks) : OutputMask.NONE;
    }

    @Override
    default List<Cell> cells() {
        return List.of(new Cell("cell/", this));
    }

    @Override
    default Operation forward(Binding binding, List<InputProjection> projections) {
        List<Slot> initial = new ArrayList<>();
        for (int input = 1; input < binding.inputs(); input++) {
            initial.add(binding.input(input));
        }
        List<Slot> lastStates = new ArrayList<>();
        for (int state = 0; options().returnState() && state < states(); state++) {
            lastStates.add(binding.output(1 + state));
        }
        Recurrence.Target target = new Recurrence.Target(binding.output(0), 0, units(), false);
        return Recurrence.bind(binding, this, "cell/", projections.get(0), initial, target, lastStates);
    }

    @Override
    default LayerTraining training(TrainingBinding binding) {
        TrainedProjection projection = new TrainedDenseProjection(binding, cells().get(0), binding.inputGradient(0));
        return training(binding, List.of(projection), binding.inputMask(0));
    }

    @Override
    default LayerTraining training(TrainingBinding binding, List<TrainedProjection> projections, @Nullable Slot mask) {
        List<Slot> initial = new ArrayList<>();
        List<@Nullable Slot> initialGradients = new ArrayList<>();
        for (int input = 1; input < binding.inputs(); input++) {
            initial.add(binding.input(input));
            initialGradients.add(binding.inputGradient(input));
        }
        List<Slot> last = new ArrayList<>();
        List<@Nullable Slot> lastGradients = new ArrayList<>();
        for (int state = 0; options().returnState() && state < states(); state++) {
            last.add(binding.output(1 + state));
            lastGradients.add(binding.outputGradient(1 + state));
        }
        Slot gradient = binding.outputGradient(0);
        TrainedRecurrence.Ends ends = new TrainedRecurrence.Ends(
                mask,
                initial,
                initialGradients,
                new Recurrence.Target(binding.output(0), 0, units(), false),
                gradient == null ? null : new Recurrence.Target(gradient, 0, units(), false),
                last,
                lastGradients);
        return TrainedRecurrence.bind(binding, this, "cell/", projections.get(0), ends);
    }

    private Shape sequence(List<Shape> inputs) {
        Shape sequence = inputs.isEmpty() ? Shape.of() : inputs.get(0);
        if (sequence.rank() == 2) {
            throw new ShapeMismatchException(
                    "expected an input [batch, time, features], found " + sequence,
                    "If the layer before it is recurrent, give that one return_sequences=True, so that it passes on"
                            + " every step and not only the last",
                    "docs/TROUBLESHOOTING.md#return-sequences");
        }
        if (sequence.rank() != 3) {
            throw new ShapeMismatchException(
                    "expected an input [batch, time, features], found " + sequence,
                    "Feed sequences of feature vectors, or put an Embedding before the layer.");
        }
        return sequence;
    }
}
