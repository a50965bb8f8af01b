package dev.rekur.plan;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.Layer;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Port;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.operation.NotEqual;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Walks the stages of a graph with concrete shapes: infers shapes, reserves buffers, decides masks, converts integers, and
 * gives each stage its {@link StageCall}. What a stage is then bound to, inference or training, is the caller's.
 */
public final class PlanLayout {
    /** When inputs are written, wherever among the stages their layers stand. */
    private static final int BEFORE_ALL = -1;

    /** How long buffers live. */
    public enum Lifetime {
        /** Until their last use; layers may work in place. */
        LAST_USE,
        /** Until their last use, unless somebody extends it: no layer works in place. */
        EXTENSIBLE,
        /** To the end: every value is there when the run ends. */
        WHOLE_RUN
    }

    /** Takes what is to run, in order. */
    public interface Binder {
        /** An operation between layers: a conversion, or a mask. */
        void operation(Operation operation);

        /** A stage, with everything it is bound to. */
        void stage(StageCall call);
    }

    private final Stages stages;
    private final StageCall.Values values;
    private final Lifetime lifetime;
    private final Binder binder;

    private final Map<Value, Shape> shapes = new HashMap<>();
    private final Map<Value, Slot> slots = new HashMap<>();
    private final Map<Value, Integer> lastUse = new HashMap<>();
    private final SlotTable table = new SlotTable();
    private final Masks masks;
    private final List<Integer> stateRowSizes = new ArrayList<>();

    /**
     * @param values where weights and what is derived from them come from
     */
    public PlanLayout(Stages stages, StageCall.Values values, Lifetime lifetime, Binder binder) {
        this.stages = stages;
        this.values = values;
        this.lifetime = lifetime;
        this.binder = binder;
        this.masks = new Masks(slots, shapes, table, binder::operation);
        for (int i = 0; i < stages.stages().size(); i++) {
            Stage stage = stages.stages().get(i);
            if (stage != null) {
                int user = i;
                stage.used().forEach(value -> lastUse.put(value, user));
            }
        }
        stages.outputs().forEach(value -> lastUse.put(value, Integer.MAX_VALUE));
    }

    /**
     * Walks all stages.
     *
     * @param given shapes of the values that come from outside: the model's inputs, and what text layers made
     * @throws InvalidInputException if the inputs do not fit together
     */
    public void build(Map<Value, Shape> given) {
        try {
            walk(given);
        } catch (ArithmeticException overflow) {
            throw new InvalidInputException(
                    "inputs of shapes " + given.values() + " are too large for one call: a buffer would have more than"
                            + " 2^31 elements; split or shorten them",
                    overflow);
        }
    }

    private void walk(Map<Value, Shape> given) {
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
                        "layer '" + stage.name() + "' (" + stage.layer().className() + ")",
                        mismatch.finding(),
                        mismatch.remedy(),
                        mismatch.link(),
                        mismatch);
            }
        }
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
            if (stage.masks().contains(value)) {
                return false;
            }
            int at = stage.inputs().indexOf(value);
            if (at >= 0) {
                boolean tokens = stage.layer().vocabularySize(at) > 0;
                if (!tokens && !(stage.layer() instanceof NotEqual)
                        || stage.inputs().lastIndexOf(value) != at) {
                    return false;
                }
                used |= tokens;
            }
        }
        return used && !stages.outputs().contains(value);
    }

    public Slot slot(Value value) {
        return Objects.requireNonNull(slots.get(value));
    }

    public Shape shape(Value value) {
        return Objects.requireNonNull(shapes.get(value));
    }

    private Slot reserve(ValueKind kind, int rowSize, Value value, int stage) {
        // here already, because layers make tables of that size when they are bound
        HeapLimit.require("a row of layer '" + stages.stages().get(value.node()).name() + "'", 4L * rowSize);
        Slot slot = table.add(kind, rowSize, stage);
        table.extend(slot, lifetime == Lifetime.WHOLE_RUN ? Integer.MAX_VALUE : lastUse.getOrDefault(value, stage));
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
        List<Masks.@Nullable Mask> inputMasks = masks.ofInputs(index, stage);
        List<Masks.@Nullable Mask> outputMasks = masks.ofOutputs(index, stage, inputMasks, inputShapes, outputShapes);
        if (stage.mask(0) == null && !inputMasks.isEmpty() && !layer.usesCarriedMask(inputMasks.size())) {
            inputMasks.set(0, null); // it goes on, but the layer does not heed it
        }
        binder.stage(new StageCall(
                index,
                stage,
                ports(inputShapes, inputs, inputMasks),
                ports(outputShapes, outputs, outputMasks),
                new PlanResources(index, stage, table, stateRowSizes, values)));
    }

    private static List<Port> ports(List<Shape> shapes, List<Slot> slots, List<Masks.@Nullable Mask> masks) {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Masks.Mask mask = masks.get(i);
            ports.add(
                    mask == null
                            ? new Port(shapes.get(i), slots.get(i), null, null)
                            : new Port(shapes.get(i), slots.get(i), mask.slot(), mask.shape()));
        }
        return ports;
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
        binder.operation((workspace, rows) -> {
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
        if (lifetime != Lifetime.LAST_USE
                || !stage.layer().worksInPlace()
                || stage.inputs().size() != 1) {
            return false;
        }
        Slot input = slot(stage.inputs().get(0));
        return input.kind() == ValueKind.FLOAT
                && input.rowSize() == outputShape.rowSize()
                && table.isFree(input, index);
    }

    /** Buffers by value. */
    public Map<Value, Slot> slots() {
        return slots;
    }

    /** Shapes by value. */
    public Map<Value, Shape> shapes() {
        return shapes;
    }

    /** The mask that a value carries, or null. */
    public @Nullable Slot mask(Value value) {
        Masks.Mask mask = masks.carried(value);
        return mask == null ? null : mask.slot();
    }

    public SlotTable table() {
        return table;
    }

    /** Floats a row of each state that outlives a call, by id. */
    public int[] stateRowSizes() {
        return stateRowSizes.stream().mapToInt(Integer::intValue).toArray();
    }
}
