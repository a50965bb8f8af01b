package dev.rekur.plan;

import dev.rekur.graph.Value;
import dev.rekur.layer.InputMasks;
import dev.rekur.layer.Operation;
import dev.rekur.layer.OutputMask;
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
    /**
     * Where a mask lies.
     *
     * @param slot its flags
     * @param shape the batch first
     */
    record Mask(Slot slot, Shape shape) {}

    private final Map<Value, Slot> slots;
    private final Map<Value, Shape> shapes;
    private final SlotTable table;
    private final Consumer<Operation> operations;
    private final Map<Value, Mask> carried = new HashMap<>();

    /**
     * @param slots buffers of values, as they become known
     * @param shapes of the values
     * @param table reserves buffers
     * @param operations takes operations that compute masks
     */
    Masks(Map<Value, Slot> slots, Map<Value, Shape> shapes, SlotTable table, Consumer<Operation> operations) {
        this.slots = slots;
        this.shapes = shapes;
        this.table = table;
        this.operations = operations;
    }

    /** The mask that a value carries. */
    @Nullable
    Mask carried(Value value) {
        return carried.get(value);
    }

    /** For each input of a stage the mask that is given explicitly, or else the one that the input carries, or null. */
    List<@Nullable Mask> ofInputs(int index, Stage stage) {
        List<@Nullable Mask> masks = new ArrayList<>();
        for (int input = 0; input < stage.inputs().size(); input++) {
            Value explicit = stage.mask(input);
            masks.add(
                    explicit == null
                            ? carried.get(stage.inputs().get(input))
                            : new Mask(
                                    asFlags(index, Objects.requireNonNull(slots.get(explicit))),
                                    Objects.requireNonNull(shapes.get(explicit))));
        }
        return masks;
    }

    /**
     * Decides the masks of a stage's outputs.
     *
     * @param inputMasks those of the inputs
     * @param inputShapes shapes of the inputs
     * @param outputShapes shapes of the outputs
     * @return for each output the mask that the layer is to compute, or null if it does not compute one
     */
    List<@Nullable Mask> ofOutputs(
            int index,
            Stage stage,
            List<@Nullable Mask> inputMasks,
            List<Shape> inputShapes,
            List<Shape> outputShapes) {
        List<@Nullable Mask> passing = stage.masksPass() ? inputMasks : carried(stage);
        InputMasks masks = new InputMasks(inputShapes, shapes(passing));
        List<@Nullable Mask> computed = new ArrayList<>();
        for (int output = 0; output < outputShapes.size(); output++) {
            OutputMask answer = stage.layer().outputMask(output, masks);
            Mask mask = mask(index, answer, passing, outputShapes.get(output));
            if (mask != null) {
                carried.put(new Value(index, output), mask);
            }
            computed.add(answer instanceof OutputMask.Computed ? mask : null);
        }
        return computed;
    }

    private List<@Nullable Mask> carried(Stage stage) {
        List<@Nullable Mask> masks = new ArrayList<>();
        stage.inputs().forEach(input -> masks.add(carried.get(input)));
        return masks;
    }

    private static List<@Nullable Shape> shapes(List<@Nullable Mask> masks) {
        List<@Nullable Shape> shapes = new ArrayList<>();
        masks.forEach(mask -> shapes.add(mask == null ? null : mask.shape()));
        return shapes;
    }

    private @Nullable Mask mask(int index, OutputMask answer, List<@Nullable Mask> inputMasks, Shape output) {
        if (answer instanceof OutputMask.OfInput same) {
            return inputMasks.get(same.input());
        }
        if (answer instanceof OutputMask.AnyOfStep steps) {
            return reduced(index, Objects.requireNonNull(inputMasks.get(steps.input())), output);
        }
        if (answer instanceof OutputMask.Joined joined) {
            return joined(index, inputMasks, joined.any());
        }
        return answer instanceof OutputMask.Computed computed
                ? new Mask(table.add(ValueKind.FLAG, computed.shape().rowSize(), index), computed.shape())
                : null;
    }

    /** Whether any of the flags within each step is set; a mask that has no more than one for each stays as it is. */
    private Mask reduced(int index, Mask mask, Shape output) {
        Shape shape = OutputMask.Computed.ofVectors(output).shape();
        int steps = shape.rowSize();
        Slot all = mask.slot();
        if (all.rowSize() <= steps || steps == 0) {
            return mask;
        }
        int each = all.rowSize() / steps;
        Slot reduced = table.add(ValueKind.FLAG, steps, index);
        operations.accept((workspace, rows) -> {
            boolean[] x = workspace.flags(all);
            int from = workspace.at(all);
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
        return new Mask(reduced, shape);
    }

    private Mask joined(int index, List<@Nullable Mask> inputMasks, boolean any) {
        List<Mask> given = inputMasks.stream().filter(Objects::nonNull).toList();
        Mask longest = given.get(0);
        for (Mask mask : given) {
            longest = mask.slot().rowSize() > longest.slot().rowSize() ? mask : longest;
        }
        int steps = longest.slot().rowSize();
        List<Slot> parts = new ArrayList<>();
        for (Mask mask : given) {
            int flags = mask.slot().rowSize();
            if (flags != steps && flags != 1) {
                throw new ShapeMismatchException(
                        "masks of " + flags + " and " + steps + " steps cannot be merged",
                        "Merge sequences of equal length.");
            }
            parts.add(mask.slot());
        }
        Slot joined = table.add(ValueKind.FLAG, steps, index);
        operations.accept((workspace, rows) -> {
            int at = workspace.at(joined);
            boolean[] y = workspace.flags(joined);
            for (int i = 0; i < rows * steps; i++) {
                boolean flag = !any;
                for (int k = 0; k < parts.size(); k++) {
                    Slot mask = parts.get(k);
                    int step = mask.rowSize() == steps ? i : i / steps;
                    boolean valid = workspace.flags(mask)[workspace.at(mask) + step];
                    flag = any ? flag | valid : flag & valid;
                }
                y[at + i] = flag;
            }
        });
        return new Mask(joined, longest.shape());
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
