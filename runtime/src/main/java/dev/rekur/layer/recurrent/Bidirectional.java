package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Wrapper;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two recurrent layers, one of which reads time backwards: {@code y = merge(f(x), reverse(g(reverse(x))))}.
 *
 * <p>Adjoint: that of the merge, then of either half.
 *
 * <p>Follows {@code keras/src/layers/rnn/bidirectional.py} of Keras 3.15 (Schuster and Paliwal, 1997), which makes masked
 * steps put out zeros whenever sequences are returned. The package of Keras 2 does not.
 *
 * @param first the half that is called forward layer, a {@link RecurrentLayer}
 * @param second the half that is called backward layer; its {@code goBackwards} is the opposite of the first's
 * @param merge how outputs are combined
 */
public record Bidirectional(NamedLayer first, NamedLayer second, Merge merge) implements SequenceLayer, Wrapper {
    private static final String FORWARD = "forward_layer";
    private static final String BACKWARD = "backward_layer";

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
        NamedLayer forward = recurrent(config, "layer").orElse(standIn());
        NamedLayer backward = config.has("backward_layer")
                ? recurrent(config, "backward_layer").orElse(standIn())
                : withOptions(forward, options(forward).reversed());
        config.acknowledge("backward_layer");
        RecurrentOptions first = options(forward);
        RecurrentOptions second = options(backward);
        if (first.returnSequences() != second.returnSequences()
                || first.returnState() != second.returnState()
                || first.stateful() != second.stateful()) {
            config.problem(
                    "forward and backward layer differ in return_sequences, return_state or stateful",
                    "Give both the same, as Keras requires.");
        }
        KerasVersion version = config.version();
        return new Bidirectional(masked(forward, version), masked(backward, version), merge);
    }

    private static Optional<NamedLayer> recurrent(LayerConfig config, String key) {
        Optional<NamedLayer> layer = config.layer(key);
        if (layer.isPresent() && !(layer.get().layer() instanceof RecurrentLayer)) {
            config.problem(
                    "'" + key + "' is a " + layer.get().layer().className(),
                    "Bidirectional takes SimpleRNN, LSTM or GRU.");
        }
        return layer.filter(found -> found.layer() instanceof RecurrentLayer);
    }

    private static NamedLayer standIn() {
        RecurrentOptions options = new RecurrentOptions(false, false, false, false, false);
        return NamedLayer.of("", new SimpleRnn(1, Activation.TANH, true, options));
    }

    private static RecurrentOptions options(NamedLayer layer) {
        return ((RecurrentLayer) layer.layer()).options();
    }

    private static NamedLayer withOptions(NamedLayer layer, RecurrentOptions options) {
        return layer.withLayer(((RecurrentLayer) layer.layer()).withOptions(options));
    }

    private static NamedLayer masked(NamedLayer layer, KerasVersion version) {
        RecurrentLayer half = (RecurrentLayer) layer.layer();
        boolean zero =
                version.bidirectionalZeroesMaskedSteps() && half.options().returnSequences();
        return withOptions(layer, half.options().withZeroOutputForMask(zero && half.heedsZeroOutputForMask(version)));
    }

    /** Of halves that are trained and have the names that Keras gives them. */
    public Bidirectional(RecurrentLayer forwardLayer, RecurrentLayer backwardLayer, Merge merge) {
        this(named("forward_", forwardLayer), named("backward_", backwardLayer), merge);
    }

    private static NamedLayer named(String side, RecurrentLayer layer) {
        return NamedLayer.of(side + layer.className().toLowerCase(Locale.ROOT), layer);
    }

    /** The first half. */
    public RecurrentLayer forwardLayer() {
        return (RecurrentLayer) first.layer();
    }

    /** The second half. */
    public RecurrentLayer backwardLayer() {
        return (RecurrentLayer) second.layer();
    }

    @Override
    public Map<String, NamedLayer> wrapped() {
        Map<String, NamedLayer> halves = new LinkedHashMap<>();
        halves.put(FORWARD, first);
        halves.put(BACKWARD, second);
        return halves;
    }

    @Override
    public Bidirectional withWrapped(Map<String, NamedLayer> layers) {
        return new Bidirectional(
                Objects.requireNonNull(layers.get(FORWARD)), Objects.requireNonNull(layers.get(BACKWARD)), merge);
    }

    /** Twice the forward layer's width, whatever the backward layer's is. */
    @Override
    public List<Shape> inferredShapes(List<Shape> inputs) {
        List<Shape> shapes = new ArrayList<>(outputShapes(inputs));
        if (merge == Merge.CONCAT) {
            shapes.set(
                    0,
                    shapes.get(0).with(-1, Math.multiplyExact(2, forwardLayer().units())));
        }
        return shapes;
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        String mode = merge.name().toLowerCase(Locale.ROOT);
        config.json("merge_mode", merge == Merge.NONE ? null : mode)
                .put("layer", first)
                .put("backward_layer", second);
    }

    @Override
    public String className() {
        return "Bidirectional";
    }

    @Override
    public List<Cell> cells() {
        return List.of(
                new Cell("forward_layer/cell/", forwardLayer()), new Cell("backward_layer/cell/", backwardLayer()));
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        List<WeightSpec> weights = new ArrayList<>();
        List<Shape> sequence = inputs.subList(0, 1);
        forwardLayer().weights(sequence).forEach(spec -> weights.add(spec.within(FORWARD)));
        backwardLayer().weights(sequence).forEach(spec -> weights.add(spec.within(BACKWARD)));
        return weights;
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        if (inputs.size() == 2) { // Keras gives the forward half none of one tensor
            throw new ShapeMismatchException(
                    "expected an initial state of both halves, found 1 tensor",
                    "Pass initial_state as Keras's Bidirectional gives it with return_state=True.");
        }
        int states = (inputs.size() - 1) / 2;
        List<Shape> forward = forwardLayer().outputShapes(half(inputs, 1, states));
        List<Shape> backward = backwardLayer().outputShapes(half(inputs, 1 + states, inputs.size() - 1 - states));
        if (merge != Merge.CONCAT
                && merge != Merge.NONE
                && forwardLayer().units() != backwardLayer().units()) {
            throw new ShapeMismatchException(
                    "merge_mode '" + merge + "' needs halves of equal width, found "
                            + forwardLayer().units() + " and " + backwardLayer().units() + " units",
                    "Use merge_mode 'concat', or equal units.");
        }
        List<Shape> outputs = new ArrayList<>();
        if (merge == Merge.NONE) {
            outputs.add(forward.get(0));
            outputs.add(backward.get(0));
        } else if (merge == Merge.CONCAT) {
            outputs.add(forward.get(0)
                    .with(
                            -1,
                            Math.addExact(
                                    forwardLayer().units(), backwardLayer().units())));
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

    /** Number of states before those of a half. */
    int statesBefore(int which) {
        return which == 0 ? 0 : forwardLayer().states();
    }

    /** Number of outputs before the states. */
    int sequenceOutputs() {
        return merge == Merge.NONE ? 2 : 1;
    }

    @Override
    public boolean usesCarriedMask(int inputs) {
        return forwardLayer().usesCarriedMask(inputs);
    }

    @Override
    public boolean isStateful() {
        return forwardLayer().isStateful();
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        return output < sequenceOutputs() && forwardLayer().options().returnSequences()
                ? OutputMask.ofFirst(masks)
                : OutputMask.NONE;
    }

    @Override
    public Operation forward(Binding binding, List<InputProjection> projections) {
        boolean sequences = forwardLayer().options().returnSequences();
        int forwardUnits = forwardLayer().units();
        int backwardUnits = backwardLayer().units();
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
                initial.add(binding.input(1 + statesBefore(which) + state));
            }
        }
        List<Slot> last = new ArrayList<>();
        if (cell.layer().options().returnState()) {
            for (int state = 0; state < states; state++) {
                last.add(binding.output(sequenceOutputs() + statesBefore(which) + state));
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
