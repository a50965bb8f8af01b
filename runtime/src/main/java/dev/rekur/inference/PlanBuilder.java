package dev.rekur.inference;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a {@link Plan}: infers concrete shapes, reserves buffers, binds every layer. */
final class PlanBuilder {
    /** When inputs are written, wherever among the stages their layers stand. */
    private static final int BEFORE_ALL = -1;

    private final Stages stages;
    private final SharedValues shared;
    private final IdleBudget budget;
    /** True if every value is to be there when the run ends. */
    private final boolean keepAll;

    private final Map<Value, Shape> shapes = new HashMap<>();
    private final Map<Value, Slot> slots = new HashMap<>();
    private final Map<Value, Integer> lastUse = new HashMap<>();
    private final SlotTable table = new SlotTable();
    private final List<Operation> operations = new ArrayList<>();
    private final Masks masks = new Masks(slots, table, operations);
    private final List<Integer> stateRowSizes = new ArrayList<>();

    PlanBuilder(Stages stages, SharedValues shared, IdleBudget budget, boolean keepAll) {
        this.stages = stages;
        this.shared = shared;
        this.budget = budget;
        this.keepAll = keepAll;
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            if (stage != null) {
                for (Value value : stage.inputs()) {
                    lastUse.put(value, i);
                }
                if (stage.mask() != null) {
                    lastUse.put(stage.mask(), i);
                }
            }
        }
        stages.outputs().forEach(value -> lastUse.put(value, Integer.MAX_VALUE));
    }

    /**
     * The plan.
     *
     * @param given shapes of the values that come from outside: the model's inputs, and what text layers made
     * @throws InvalidInputException if the inputs do not fit together
     */
    Plan build(Map<Value, Shape> given) {
        try {
            return bind(given);
        } catch (ArithmeticException overflow) {
            throw new InvalidInputException(
                    "inputs of shapes " + given.values() + " are too large for one call: a buffer would have more than"
                            + " 2^31 elements; split or shorten them",
                    overflow);
        }
    }

    private Plan bind(Map<Value, Shape> given) {
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            if (stage == null) {
                continue;
            }
            Shape external = given.get(new Value(i, 0));
            try {
                if (external != null) {
                    addInput(i, external);
                } else if (stage.layer() instanceof InputLayer) {
                    continue; // a text input: a text layer has consumed it
                } else {
                    addStage(i, stage);
                }
            } catch (ShapeMismatchException mismatch) {
                throw new InvalidInputException(
                        "layer '" + stage.name() + "' (" + stage.layer().className() + "): " + mismatch.getMessage()
                                + ". " + mismatch.remedy(),
                        mismatch);
            }
        }
        List<Slot> outputs = stages.outputs().stream().map(this::slot).toList();
        List<Shape> outputShapes = stages.outputs().stream().map(this::shape).toList();
        int[] sizes = stateRowSizes.stream().mapToInt(Integer::intValue).toArray();
        return new Plan(operations, outputs, outputShapes, slots, shapes, sizes, table, budget);
    }

    private void addInput(int index, Shape shape) {
        Value value = new Value(index, 0);
        Layer layer = stages.stages().get(index).layer();
        ValueKind kind = layer.outputKind(0, List.of());
        if (kind == ValueKind.FLOAT && layer instanceof InputLayer && feedsTokensOnly(value)) {
            kind = ValueKind.INT; // Keras's default input is float, also before an Embedding
        }
        shapes.put(value, shape);
        slots.put(value, reserve(kind, shape.rowSize(), value, BEFORE_ALL));
    }

    /** True if all that use the value take it for token ids. */
    private boolean feedsTokensOnly(Value value) {
        boolean used = false;
        for (Stage stage : stages.stages()) {
            if (stage == null) {
                continue;
            }
            if (value.equals(stage.mask())) {
                return false;
            }
            int at = stage.inputs().indexOf(value);
            if (at >= 0) {
                boolean tokens = stage.layer() instanceof Embedding
                        || stage.layer() instanceof NotEqual
                        || at == 0 && stage.layer() instanceof FoldedEmbedding;
                if (!tokens || stage.inputs().lastIndexOf(value) != at) {
                    return false;
                }
                used |= !(stage.layer() instanceof NotEqual);
            }
        }
        return used && !stages.outputs().contains(value);
    }

    private Slot slot(Value value) {
        return Objects.requireNonNull(slots.get(value));
    }

    private Shape shape(Value value) {
        return Objects.requireNonNull(shapes.get(value));
    }

    private Slot reserve(ValueKind kind, int rowSize, Value value, int stage) {
        Slot slot = table.add(kind, rowSize, stage);
        table.extend(slot, keepAll ? Integer.MAX_VALUE : lastUse.getOrDefault(value, stage));
        return slot;
    }

    private void addStage(int index, Stage stage) {
        Layer layer = stage.layer();
        List<Shape> inputShapes = stage.inputs().stream().map(this::shape).toList();
        List<ValueKind> inputKinds =
                stage.inputs().stream().map(value -> slot(value).kind()).toList();
        List<Slot> inputs = inputs(index, stage);
        List<Shape> outputShapes = layer.outputShapes(inputShapes);
        List<Slot> outputs = new ArrayList<>();
        for (int output = 0; output < outputShapes.size(); output++) {
            Value value = new Value(index, output);
            shapes.put(value, outputShapes.get(output));
            Slot slot = output == 0 && mayWorkInPlace(index, stage, outputShapes.get(0))
                    ? extend(slot(stage.inputs().get(0)), value)
                    : reserve(
                            layer.outputKind(output, inputKinds),
                            outputShapes.get(output).rowSize(),
                            value,
                            index);
            slots.put(value, slot);
            outputs.add(slot);
        }
        Slot mask = masks.effective(index, stage);
        List<@Nullable Slot> outputMasks = masks.ofOutputs(index, stage, mask, outputShapes);
        StageBinding binding =
                new StageBinding(index, stage, inputs, inputShapes, outputShapes, outputs, mask, outputMasks);
        operations.add(layer.forward(binding));
    }

    /** Buffers of a stage's inputs, converted to floats where the layer takes nothing else. */
    private List<Slot> inputs(int index, Stage stage) {
        List<Slot> inputs = new ArrayList<>();
        for (int input = 0; input < stage.inputs().size(); input++) {
            Slot slot = slot(stage.inputs().get(input));
            inputs.add(stage.layer().takes(input, slot.kind()) ? slot : asFloats(index, slot));
        }
        return inputs;
    }

    private Slot asFloats(int index, Slot slot) {
        Slot floats = table.add(ValueKind.FLOAT, slot.rowSize(), index);
        operations.add((workspace, rows) -> {
            float[] y = workspace.floats(floats);
            int at = workspace.at(floats);
            int from = workspace.at(slot);
            for (int i = 0; i < rows * slot.rowSize(); i++) {
                y[at + i] = slot.kind() == ValueKind.INT
                        ? workspace.ints(slot)[from + i]
                        : workspace.flags(slot)[from + i] ? 1f : 0f;
            }
        });
        return floats;
    }

    private Slot extend(Slot slot, Value value) {
        table.extend(slot, lastUse.getOrDefault(value, 0));
        return slot;
    }

    private boolean mayWorkInPlace(int index, Stage stage, Shape outputShape) {
        if (keepAll || !stage.layer().worksInPlace() || stage.inputs().size() != 1) {
            return false;
        }
        Slot input = slot(stage.inputs().get(0));
        return input.kind() == ValueKind.FLOAT
                && input.rowSize() == outputShape.rowSize()
                && table.isFree(input, index);
    }

    /** What one stage is bound to. */
    private final class StageBinding implements Binding {
        private final int index;
        private final Stage stage;
        private final List<Slot> inputs;
        private final List<Shape> inputShapes;
        private final List<Shape> outputShapes;
        private final List<Slot> outputs;
        private final List<@Nullable Slot> outputMasks;
        private final @Nullable Slot mask;

        StageBinding(
                int index,
                Stage stage,
                List<Slot> inputs,
                List<Shape> inputShapes,
                List<Shape> outputShapes,
                List<Slot> outputs,
                @Nullable Slot mask,
                List<@Nullable Slot> outputMasks) {
            this.index = index;
            this.stage = stage;
            this.inputs = inputs;
            this.inputShapes = inputShapes;
            this.outputShapes = outputShapes;
            this.outputs = outputs;
            this.outputMasks = outputMasks;
            this.mask = mask;
        }

        @Override
        public String layerName() {
            return stage.name();
        }

        @Override
        public int inputs() {
            return inputShapes.size();
        }

        @Override
        public Shape inputShape(int input) {
            return inputShapes.get(input);
        }

        @Override
        public Slot input(int input) {
            return inputs.get(input);
        }

        @Override
        public @Nullable Slot inputMask(int input) {
            return input == 0 ? mask : masks.carried(stage.inputs().get(input));
        }

        @Override
        public Shape outputShape(int output) {
            return outputShapes.get(output);
        }

        @Override
        public Slot output(int output) {
            return outputs.get(output);
        }

        @Override
        public Slot outputMask(int output) {
            return Objects.requireNonNull(outputMasks.get(output), "the layer computes no mask");
        }

        @Override
        public Slot scratch(int rowSize) {
            return table.add(ValueKind.FLOAT, rowSize, index);
        }

        @Override
        public Slot scratchFlags(int rowSize) {
            return table.add(ValueKind.FLAG, rowSize, index);
        }

        @Override
        public StateSlot state(int rowSize) {
            stateRowSizes.add(rowSize);
            return new StateSlot(stateRowSizes.size() - 1, rowSize);
        }

        @Override
        public FloatTensor weight(String path) {
            return stage.weights().apply(path);
        }

        @Override
        public <T> T shared(String key, Supplier<T> maker) {
            return shared.get(stage.name(), key, maker);
        }
    }
}
