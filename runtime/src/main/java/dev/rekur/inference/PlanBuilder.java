package dev.rekur.inference;

import dev.rekur.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.layer.Binding;
import dev.rekur.layer.Layer;
import dev.rekur.layer.MaskRule;
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
import java.util.function.Supplier;

/** Makes a {@link Plan}: infers concrete shapes, reserves buffers, binds every layer. */
final class PlanBuilder {
    private final Stages stages;
    private final SharedValues shared;
    /** True if every value is to be there when the run ends. */
    private final boolean keepAll;

    private final Map<Value, Shape> shapes = new HashMap<>();
    private final Map<Value, Slot> slots = new HashMap<>();
    private final Map<Value, Slot> masks = new HashMap<>();
    private final Map<Value, Integer> lastUse = new HashMap<>();
    private final SlotTable table = new SlotTable();
    private final List<Operation> operations = new ArrayList<>();
    private final List<Integer> stateRowSizes = new ArrayList<>();

    PlanBuilder(Stages stages, SharedValues shared, boolean keepAll) {
        this.stages = stages;
        this.shared = shared;
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
                throw new InvalidInputException("layer '" + stage.name() + "' (" + stage.layer().className() + "): "
                        + mismatch.getMessage() + ". " + mismatch.remedy(), mismatch);
            }
        }
        List<Slot> outputs = stages.outputs().stream().map(slots::get).toList();
        List<Shape> outputShapes = stages.outputs().stream().map(shapes::get).toList();
        int[] sizes = stateRowSizes.stream().mapToInt(Integer::intValue).toArray();
        return new Plan(operations, outputs, outputShapes, slots, shapes, sizes, table);
    }

    private void addInput(int index, Shape shape) {
        Value value = new Value(index, 0);
        Layer layer = stages.stages().get(index).layer();
        ValueKind kind = layer.outputKind(0, List.of());
        if (kind == ValueKind.FLOAT && layer instanceof InputLayer && feedsTokensOnly(value)) {
            kind = ValueKind.INT; // Keras's default input is float, also before an Embedding
        }
        shapes.put(value, shape);
        slots.put(value, reserve(kind, shape.rowSize(), value, index));
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

    private Slot reserve(ValueKind kind, int rowSize, Value value, int stage) {
        Slot slot = table.add(kind, rowSize, stage);
        table.extend(slot, keepAll ? Integer.MAX_VALUE : lastUse.getOrDefault(value, stage));
        return slot;
    }

    private void addStage(int index, Stage stage) {
        Layer layer = stage.layer();
        List<Shape> inputShapes = stage.inputs().stream().map(shapes::get).toList();
        List<ValueKind> inputKinds =
                stage.inputs().stream().map(value -> slots.get(value).kind()).toList();
        List<Shape> outputShapes = layer.outputShapes(inputShapes);
        List<Slot> outputs = new ArrayList<>();
        for (int output = 0; output < outputShapes.size(); output++) {
            Value value = new Value(index, output);
            shapes.put(value, outputShapes.get(output));
            Slot slot = output == 0 && mayWorkInPlace(index, stage, outputShapes.get(0))
                    ? extend(slots.get(stage.inputs().get(0)), value)
                    : reserve(
                            layer.outputKind(output, inputKinds), outputShapes.get(output).rowSize(), value, index);
            slots.put(value, slot);
            outputs.add(slot);
        }
        List<Slot> outputMasks = outputMasks(index, stage, outputs.size());
        StageBinding binding = new StageBinding(index, stage, inputShapes, outputShapes, outputs, outputMasks);
        operations.add(layer.forward(binding));
    }

    private Slot extend(Slot slot, Value value) {
        table.extend(slot, lastUse.getOrDefault(value, 0));
        return slot;
    }

    private boolean mayWorkInPlace(int index, Stage stage, Shape outputShape) {
        Value input = stage.inputs().isEmpty() ? null : stage.inputs().get(0);
        return !keepAll
                && stage.layer().worksInPlace()
                && stage.inputs().size() == 1
                && slots.get(input).kind() == ValueKind.FLOAT
                && slots.get(input).rowSize() == outputShape.rowSize()
                && table.isFree(slots.get(input), index);
    }

    private List<Slot> outputMasks(int index, Stage stage, int outputs) {
        List<Slot> outputMasks = new ArrayList<>();
        for (int output = 0; output < outputs; output++) {
            Value value = new Value(index, output);
            MaskRule rule = stage.layer().maskRule(output);
            Slot mask =
                    switch (rule) {
                        case DROP -> null;
                        case PASS -> masks.get(stage.inputs().get(0));
                        case COMPUTE -> table.add(ValueKind.FLAG, steps(shapes.get(value)), index);
                        case ANY -> anyOf(index, stage);
                    };
            if (mask != null) {
                masks.put(value, mask);
            }
            outputMasks.add(rule == MaskRule.COMPUTE ? mask : null);
        }
        return outputMasks;
    }

    /** Number of flags a row of a mask for values of this shape: one for each vector. */
    private static int steps(Shape shape) {
        int steps = 1;
        for (int axis = 1; axis < shape.rank() - 1; axis++) {
            steps = Math.multiplyExact(steps, shape.dimension(axis));
        }
        return steps;
    }

    private Slot anyOf(int index, Stage stage) {
        List<Slot> all = new ArrayList<>();
        for (Value input : stage.inputs()) {
            if (masks.get(input) == null) {
                return null;
            }
            all.add(masks.get(input));
        }
        int steps = all.stream().mapToInt(Slot::rowSize).max().orElseThrow();
        for (Slot mask : all) {
            if (mask.rowSize() != steps && mask.rowSize() != 1) {
                throw new ShapeMismatchException(
                        "masks of " + mask.rowSize() + " and " + steps + " steps cannot be merged",
                        "Merge sequences of equal length.");
            }
        }
        Slot merged = table.add(ValueKind.FLAG, steps, index);
        operations.add((workspace, rows) -> {
            int at = workspace.at(merged);
            boolean[] y = workspace.flags(merged);
            for (int i = 0; i < rows * steps; i++) {
                boolean any = false;
                for (int k = 0; k < all.size(); k++) {
                    Slot mask = all.get(k);
                    int step = mask.rowSize() == steps ? i : i / steps;
                    any |= workspace.flags(mask)[workspace.at(mask) + step];
                }
                y[at + i] = any;
            }
        });
        return merged;
    }

    /** The explicit mask of a stage as flags. */
    private Slot explicitMask(int index, Value value) {
        Slot slot = slots.get(value);
        if (slot.kind() == ValueKind.FLAG) {
            return slot;
        }
        Slot flags = table.add(ValueKind.FLAG, slot.rowSize(), index);
        operations.add((workspace, rows) -> {
            boolean[] y = workspace.flags(flags);
            int at = workspace.at(flags);
            int from = workspace.at(slot);
            for (int i = 0; i < rows * slot.rowSize(); i++) {
                y[at + i] = slot.kind() == ValueKind.INT
                        ? workspace.ints(slot)[from + i] != 0
                        : workspace.floats(slot)[from + i] != 0;
            }
        });
        return flags;
    }

    /** What one stage is bound to. */
    private final class StageBinding implements Binding {
        private final int index;
        private final Stage stage;
        private final List<Shape> inputShapes;
        private final List<Shape> outputShapes;
        private final List<Slot> outputs;
        private final List<Slot> outputMasks;
        private final Slot explicitMask;

        StageBinding(
                int index,
                Stage stage,
                List<Shape> inputShapes,
                List<Shape> outputShapes,
                List<Slot> outputs,
                List<Slot> outputMasks) {
            this.index = index;
            this.stage = stage;
            this.inputShapes = inputShapes;
            this.outputShapes = outputShapes;
            this.outputs = outputs;
            this.outputMasks = outputMasks;
            this.explicitMask = stage.mask() == null ? null : explicitMask(index, stage.mask());
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
            return slots.get(stage.inputs().get(input));
        }

        @Override
        public Slot inputMask(int input) {
            return input == 0 && explicitMask != null
                    ? explicitMask
                    : masks.get(stage.inputs().get(input));
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
            return outputMasks.get(output);
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
