package dev.rekur.layer.recurrent;

import dev.rekur.kernel.Activation;
import dev.rekur.layer.Binding;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Layer;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.LayerTraining;
import dev.rekur.layer.NamedLayer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TextLayer;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.Wrapper;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.core.Shapes;
import dev.rekur.layer.merging.ElementwiseMerge;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Another layer (not a model, and none that is stateful), applied to each step of {@code [batch, time, ...]} by itself:
 * {@code y[t] = layer(x[t])}.
 *
 * <p>The steps of a row lie one behind the other, just as rows do, so the layer runs once, on {@code batch * time} rows. Where rows
 * of a batch matter to each other in training, each step is a batch of its own: a BatchNormalization has statistics of each step,
 * and its moving ones follow step by step.
 *
 * <p>Adjoint: {@code dx[t] = layer'(dy[t])}; gradients of weights are sums over all steps.
 *
 * <p>A mask {@code [batch, time, ...]} is given to the layer step by step, where the layer heeds one, and goes on as it is, even if
 * the layer ends or computes one. In files of Keras 2, what the layer makes of it goes on, or a flag for each step if the layer
 * makes nothing of it; and all steps together are one batch of the layer's.
 *
 * <p>Follows {@code keras/src/layers/rnn/time_distributed.py} of Keras 3.15.
 *
 * @param inner the layer that is applied to each step; one input, one output, no state that outlives the call
 * @param stepwise whether each step is a batch of its own, and masks pass: Keras 3; else Keras 2
 */
public record TimeDistributed(NamedLayer inner, boolean stepwise) implements Wrapper {
    /** Keras's attribute that holds the wrapped layer. */
    private static final String ATTRIBUTE = "layer";

    private static final Set<String> MODELS = Set.of("Functional", "Sequential", "Model");

    /** Around a layer that is trained and has the name of its class. */
    public TimeDistributed(Layer layer, boolean stepwise) {
        this(NamedLayer.of(layer.className().toLowerCase(Locale.ROOT), layer), stepwise);
    }

    public static TimeDistributed fromConfig(LayerConfig config) {
        config.acknowledge("weights");
        boolean stepwise = config.version().distributesStepwise();
        NamedLayer standIn = NamedLayer.of("", new ActivationLayer(Activation.LINEAR));
        if (config.raw("layer") instanceof Map<?, ?> object
                && object.get("class_name") instanceof String className
                && MODELS.contains(className)) {
            config.problem(
                    "'layer' is a model, and a model at each step is not supported",
                    "Wrap the layers of the inner model one by one.",
                    "docs/TROUBLESHOOTING.md#nested-model");
            return new TimeDistributed(standIn, stepwise);
        }
        NamedLayer layer = config.layer("layer").orElse(standIn);
        Optional<String> obstacle = obstacle(layer.layer());
        if (obstacle.isPresent()) {
            config.problem(
                    "'layer' is a " + layer.layer().className() + ", which " + obstacle.get(),
                    "TimeDistributed takes layers with one input and one output, and no state that outlives a call.");
            return new TimeDistributed(standIn, stepwise);
        }
        return new TimeDistributed(layer, stepwise);
    }

    /** Why a layer cannot be wrapped. */
    private static Optional<String> obstacle(Layer layer) {
        if (layer instanceof TextLayer) {
            return Optional.of("takes texts");
        }
        if (layer instanceof InputLayer || layer.outputKind(0, List.of(ValueKind.FLOAT)) != ValueKind.FLOAT) {
            return Optional.of("computes no numbers");
        }
        if (layer instanceof ElementwiseMerge) {
            return Optional.of("merges several inputs");
        }
        if (layer.isStateful()) {
            return Optional.of("is stateful: its state would go on from step to step");
        }
        if (layer.rows() == Rows.JOINED) {
            return Optional.of("needs all rows of a batch at once");
        }
        boolean returnsState = layer instanceof SequenceLayer sequence
                && sequence.cells().get(0).layer().options().returnState();
        boolean unmerged = layer instanceof Bidirectional both && both.merge() == Bidirectional.Merge.NONE;
        return returnsState || unmerged ? Optional.of("has several outputs") : Optional.empty();
    }

    @Override
    public void toConfig(LayerConfigWriter config) {
        config.put("layer", inner);
    }

    @Override
    public String className() {
        return "TimeDistributed";
    }

    @Override
    public List<WeightSpec> weights(List<Shape> inputs) {
        Shape step = StepPorts.withoutTime(sequence(inputs));
        return wrapped(() -> layer().weights(List.of(step))).stream()
                .map(spec -> spec.within(ATTRIBUTE))
                .toList();
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
        Shape sequence = sequence(inputs);
        List<Shape> outputs = wrapped(() -> layer().outputShapes(List.of(StepPorts.withoutTime(sequence))));
        if (outputs.size() != 1) {
            throw new ShapeMismatchException(
                    "the wrapped " + layer().className() + " has " + outputs.size() + " outputs",
                    "Wrap a layer with one output.");
        }
        return List.of(StepPorts.withTime(outputs.get(0), sequence.dimension(1)).withBatch(sequence.dimension(0)));
    }

    private static Shape sequence(List<Shape> inputs) {
        Shape sequence = Shapes.only(inputs);
        if (sequence.rank() < 3) {
            throw new ShapeMismatchException(
                    "expected an input [batch, time, ...] of at least three dimensions, found " + sequence,
                    "Leave TimeDistributed out: without time there are no steps.");
        }
        return sequence;
    }

    /** Says of which layer a finding is. */
    private <T> T wrapped(Supplier<T> question) {
        try {
            return question.get();
        } catch (ShapeMismatchException mismatch) {
            throw mismatch.within("the wrapped " + layer().className() + ", at each step:");
        }
    }

    @Override
    public ValueKind outputKind(int output, List<ValueKind> inputs) {
        return layer().outputKind(output, inputs);
    }

    @Override
    public boolean takes(int input, ValueKind kind) {
        return layer().takes(input, kind);
    }

    @Override
    public int vocabularySize(int input) {
        return layer().vocabularySize(input);
    }

    @Override
    public OutputMask outputMask(int output, InputMasks masks) {
        if (stepwise) {
            return OutputMask.ofFirst(masks);
        }
        Shape mask = masks.shape(0);
        OutputMask ofStep = layer().outputMask(
                        output,
                        new InputMasks(
                                List.of(StepPorts.withoutTime(masks.inputs().get(0))),
                                Collections.singletonList(mask == null ? null : StepPorts.withoutTime(mask))));
        if (ofStep instanceof OutputMask.Computed computed) {
            return new OutputMask.Computed(
                    StepPorts.withTime(computed.shape(), masks.inputs().get(0).dimension(1)));
        }
        return mask == null || ofStep instanceof OutputMask.OfInput
                ? OutputMask.ofFirst(masks)
                : new OutputMask.AnyOfStep(0);
    }

    /** The layer that is applied to each step. */
    public Layer layer() {
        return inner.layer();
    }

    @Override
    public Map<String, NamedLayer> wrapped() {
        return Map.of(ATTRIBUTE, inner);
    }

    @Override
    public TimeDistributed withWrapped(Map<String, NamedLayer> layers) {
        return new TimeDistributed(Objects.requireNonNull(layers.get(ATTRIBUTE)), stepwise);
    }

    /** Keras 3 computes with the wrapped layer, but does not call it. */
    @Override
    public boolean callsWrapped() {
        return !stepwise;
    }

    @Override
    public Rows rows() {
        return layer().rows();
    }

    @Override
    public Activation lastActivation() {
        return layer().lastActivation();
    }

    @Override
    public boolean isIdentityInInference() {
        return layer().isIdentityInInference();
    }

    @Override
    public boolean worksInPlace() {
        return layer().worksInPlace();
    }

    @Override
    public boolean passesGradient(int input) {
        return layer().passesGradient(input);
    }

    /** What the wrapped layer infers of one step. */
    @Override
    public List<Shape> inferredShapes(List<Shape> inputs) {
        Shape sequence = sequence(inputs);
        Shape step =
                layer().inferredShapes(List.of(StepPorts.withoutTime(sequence))).get(0);
        return List.of(StepPorts.withTime(step, sequence.dimension(1)));
    }

    @Override
    public Operation forward(Binding binding) {
        int time = binding.inputShape(0).dimension(1);
        if (time == 0) {
            return (workspace, rows) -> {};
        }
        StepPorts step = StepPorts.folded(binding, layer());
        Operation steps = layer().forward(binding.wrapped(ATTRIBUTE, time, step.inputs(), step.outputs()));
        return (workspace, rows) -> steps.run(workspace, rows * time);
    }

    @Override
    public LayerTraining training(TrainingBinding binding) {
        int time = binding.inputShape(0).dimension(1);
        if (time == 0) {
            return LayerTraining.withoutGradient(forward(binding));
        }
        if (stepwise && layer().rows() == Rows.JOINED_IN_TRAINING) {
            return stepByStep(binding, time);
        }
        StepPorts step = StepPorts.folded(binding, layer());
        LayerTraining steps = layer().training(binding.wrapped(ATTRIBUTE, time, step.inputs(), step.outputs()));
        return new LayerTraining(
                steps.forward().stream().map(part -> onSteps(part, time)).toList(),
                steps.backward().stream().map(part -> onSteps(part, time)).toList());
    }

    /** The same operation, on as many rows for each row as there are steps. */
    private static TrainingOperation onSteps(TrainingOperation operation, int time) {
        if (operation instanceof TrainingOperation.EachShard each) {
            return (TrainingOperation.EachShard) (workspace, rows) -> each.run(workspace, rows * time);
        }
        if (operation instanceof TrainingOperation.WholeBatch whole) {
            return (TrainingOperation.WholeBatch) (workspaces, rows) -> whole.run(workspaces, times(rows, time));
        }
        TrainingOperation.Parts parts = (TrainingOperation.Parts) operation;
        return new TrainingOperation.Parts() {
            @Override
            public int count(List<? extends TrainingWorkspace> workspaces, int[] rows) {
                return parts.count(workspaces, times(rows, time));
            }

            @Override
            public void run(int part, List<? extends TrainingWorkspace> workspaces, int[] rows) {
                parts.run(part, workspaces, times(rows, time));
            }
        };
    }

    private static int[] times(int[] rows, int time) {
        return Arrays.stream(rows).map(count -> count * time).toArray();
    }

    /** Step after step, each with buffers of its own; backward walks them in reverse. */
    private LayerTraining stepByStep(TrainingBinding binding, int time) {
        Slot mask = binding.inputMask(0);
        Slot outputGradient = binding.outputGradient(0);
        Slot inputGradient = binding.inputGradient(0);
        List<TrainingOperation> forward = new ArrayList<>();
        List<List<TrainingOperation>> backward = new ArrayList<>();
        for (int t = 0; t < time; t++) {
            StepPorts step = StepPorts.single(binding, layer());
            LayerTraining part = layer().training(binding.wrapped(ATTRIBUTE, 1, step.inputs(), step.outputs()));
            forward.add(take(binding.input(0), step.input().slot(), t));
            Slot flags = step.input().mask();
            if (mask != null && flags != null) {
                forward.add(takeFlags(mask, flags, t));
            }
            forward.addAll(part.forward());
            forward.add(put(step.output().slot(), binding.output(0), t));
            List<TrainingOperation> adjoint = new ArrayList<>();
            Slot dy = step.output().gradient();
            if (outputGradient != null && dy != null) {
                adjoint.add(take(outputGradient, dy, t));
                adjoint.addAll(part.backward());
            }
            Slot dx = step.input().gradient();
            if (inputGradient != null && dx != null) {
                adjoint.add(put(dx, inputGradient, t));
            }
            backward.add(0, adjoint);
        }
        return new LayerTraining(
                forward, backward.stream().flatMap(List::stream).toList());
    }

    /** Copies a step of each row out of a sequence. */
    private static TrainingOperation.EachShard take(Slot sequence, Slot step, int t) {
        int size = step.rowSize();
        return (workspace, rows) -> {
            for (int row = 0; row < rows; row++) {
                int from = workspace.at(sequence) + row * sequence.rowSize() + t * size;
                System.arraycopy(
                        workspace.floats(sequence),
                        from,
                        workspace.floats(step),
                        workspace.at(step) + row * size,
                        size);
            }
        };
    }

    private static TrainingOperation.EachShard takeFlags(Slot sequence, Slot step, int t) {
        int size = step.rowSize();
        return (workspace, rows) -> {
            for (int row = 0; row < rows; row++) {
                int from = workspace.at(sequence) + row * sequence.rowSize() + t * size;
                System.arraycopy(
                        workspace.flags(sequence), from, workspace.flags(step), workspace.at(step) + row * size, size);
            }
        };
    }

    /** Copies a step of each row back into a sequence. */
    private static TrainingOperation.EachShard put(Slot step, Slot sequence, int t) {
        int size = step.rowSize();
        return (workspace, rows) -> {
            for (int row = 0; row < rows; row++) {
                int to = workspace.at(sequence) + row * sequence.rowSize() + t * size;
                System.arraycopy(
                        workspace.floats(step), workspace.at(step) + row * size, workspace.floats(sequence), to, size);
            }
        };
    }
}
