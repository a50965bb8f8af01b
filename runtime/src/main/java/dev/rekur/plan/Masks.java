package dev.rekur.plan;

import dev.rekur.graph.Value;
import dev.rekur.layer.MaskRule;
import dev.rekur.layer.Operation;
import dev.rekur.layer.ShapeMismatchException;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The masks of a plan: which values carry one, and where. Follows {@code Layer.__call__} of Keras 3.15: what goes on is
 * derived from the mask that the layer itself was given, or else from that of its first input. Before 3.11 it is always the latter.
 */
public final class Masks {
    private final Map<Value, Slot> slots;
    private final SlotTable table;
    private final Consumer<Operation> operations;
    private final Map<Value, Slot> carried = new HashMap<>();

    /**
     * @param slots buffers of values, as they become known
     * @param table reserves buffers
     * @param operations takes operations that compute masks
     */
    Masks(Map<Value, Slot> slots, SlotTable table, Consumer<Operation> operations) {
        this.slots = slots;
        this.table = table;
        this.operations = operations;
    }

    /** The mask that a value carries. */
    @Nullable
    Slot carried(Value value) {
        return carried.get(value);
    }

    /** The mask a stage heeds: the one given explicitly, else the one its first input carries. */
    @Nullable
    Slot effective(int index, Stage stage) {
        if (stage.mask() != null) {
            return asFlags(index, Objects.requireNonNull(slots.get(stage.mask())));
        }
        boolean heedsCarried = !stage.inputs().isEmpty()
                && stage.layer().usesCarriedMask(stage.inputs().size());
        return heedsCarried ? carried.get(stage.inputs().get(0)) : null;
    }

    /**
     * Decides the masks of a stage's outputs.
     *
     * @param effective the mask the stage heeds
     * @param shapes shapes of the outputs
     * @return for each output the buffer the layer is to compute its mask in, or null if it does not compute one
     */
    List<@Nullable Slot> ofOutputs(int index, Stage stage, @Nullable Slot effective, List<Shape> shapes) {
        List<@Nullable Slot> computed = new ArrayList<>();
        for (int output = 0; output < shapes.size(); output++) {
            MaskRule rule = stage.layer().maskRule(output);
            Slot mask =
                    switch (rule) {
                        case DROP -> null;
                        case PASS ->
                            effective != null && (stage.mask() == null || stage.maskPasses())
                                    ? effective
                                    : carried.get(stage.inputs().get(0));
                        case STEPS -> reduced(index, effective, steps(shapes.get(output)));
                        case COMPUTE -> table.add(ValueKind.FLAG, steps(shapes.get(output)), index);
                        case ANY, ALL -> merged(index, stage, rule);
                    };
            if (mask != null) {
                carried.put(new Value(index, output), mask);
            }
            computed.add(rule == MaskRule.COMPUTE ? mask : null);
        }
        return computed;
    }

    /** Number of flags a row of a mask for values of this shape: one for each vector. */
    private static int steps(Shape shape) {
        int steps = 1;
        for (int axis = 1; axis < shape.rank() - 1; axis++) {
            steps = Math.multiplyExact(steps, shape.dimension(axis));
        }
        return steps;
    }

    /** Whether any of the flags within each step is set; a mask that has no more than one for each stays as it is. */
    private @Nullable Slot reduced(int index, @Nullable Slot mask, int steps) {
        if (mask == null || mask.rowSize() <= steps || steps == 0) {
            return mask;
        }
        int each = mask.rowSize() / steps;
        Slot reduced = table.add(ValueKind.FLAG, steps, index);
        operations.accept((workspace, rows) -> {
            boolean[] x = workspace.flags(mask);
            int from = workspace.at(mask);
            boolean[] y = workspace.flags(reduced);
            int at = workspace.at(reduced);
            for (int i = 0; i < rows * steps; i++) {
                boolean any = false;
                for (int j = 0; j < each; j++) {
                    any |= x[from + i * each + j];
                }
                y[at + i] = any;
            }
        });
        return reduced;
    }

    private @Nullable Slot merged(int index, Stage stage, MaskRule rule) {
        List<Slot> given = new ArrayList<>();
        for (Value input : stage.inputs()) {
            Slot mask = carried.get(input);
            if (mask != null) {
                given.add(mask);
            } else if (rule == MaskRule.ANY) {
                return null; // all steps of an input without a mask are valid
            }
        }
        if (given.isEmpty()) {
            return null;
        }
        int steps = given.stream().mapToInt(Slot::rowSize).max().orElseThrow();
        for (Slot mask : given) {
            if (mask.rowSize() != steps && mask.rowSize() != 1) {
                throw new ShapeMismatchException(
                        "masks of " + mask.rowSize() + " and " + steps + " steps cannot be merged",
                        "Merge sequences of equal length.");
            }
        }
        boolean any = rule == MaskRule.ANY;
        Slot merged = table.add(ValueKind.FLAG, steps, index);
        operations.accept((workspace, rows) -> {
            int at = workspace.at(merged);
            boolean[] y = workspace.flags(merged);
            for (int i = 0; i < rows * steps; i++) {
                boolean flag = !any;
                for (int k = 0; k < given.size(); k++) {
                    Slot mask = given.get(k);
                    int step = mask.rowSize() == steps ? i : i / steps;
                    boolean valid = workspace.flags(mask)[workspace.at(mask) + step];
                    flag = any ? flag | valid : flag & valid;
                }
                y[at + i] = flag;
            }
        });
        return merged;
    }

    /** A mask as flags: one that comes as an input of the model may be a number. */
    private Slot asFlags(int index, Slot slot) {
        if (slot.kind() == ValueKind.FLAG) {
            return slot;
        }
        Slot flags = table.add(ValueKind.FLAG, slot.rowSize(), index);
        operations.accept((workspace, rows) -> {
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
}
