package dev.rekur.inference;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.Operation;
import dev.rekur.layer.Slot;
import dev.rekur.plan.SlotTable;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model made ready for inputs of one shape (the batch aside): operations in order, and where their buffers lie. Shared by
 * all threads; what changes lies in a {@link CallWorkspace}.
 */
final class Plan {
    /** Rows that run together: enough to reuse weights from registers, few enough to stay in the cache. */
    private static final int LARGEST_TILE = 16;

    /** Numbers a workspace may have, unless a single row needs more. */
    private static final int LARGEST_WORKSPACE = 1 << 24;

    private final List<Operation> operations;
    private final Map<Value, Slot> slots;
    private final Map<Value, Shape> shapes;
    private final int[] stateRowSizes;
    private final List<Slot> outputs;
    private final List<Shape> outputShapes;
    private final SlotTable.Layout single;
    private final SlotTable.Layout tiled;
    private final int tile;
    /** The table, where a call needs a workspace for all of its rows; else null. */
    private final @Nullable SlotTable whole;

    private final WorkspacePool singles;
    private final WorkspacePool tiles;

    /**
     * @param outputs buffers of the model's outputs, in order
     * @param outputShapes their shapes, batch unknown
     * @param slots buffers by value
     * @param shapes shapes by value, batch unknown
     * @param stateRowSizes floats a row of each state that outlives a call
     * @param joinsRows whether all rows of a batch run together, however many there are
     * @param budget memory that idle workspaces of this and other plans may take together
     */
    Plan(
            List<Operation> operations,
            List<Slot> outputs,
            List<Shape> outputShapes,
            Map<Value, Slot> slots,
            Map<Value, Shape> shapes,
            int[] stateRowSizes,
            SlotTable table,
            boolean joinsRows,
            IdleBudget budget) {
        this.singles = new WorkspacePool(budget);
        this.tiles = new WorkspacePool(budget);
        this.operations = List.copyOf(operations);
        this.slots = Map.copyOf(slots);
        this.shapes = Map.copyOf(shapes);
        this.stateRowSizes = stateRowSizes;
        this.outputs = List.copyOf(outputs);
        this.outputShapes = List.copyOf(outputShapes);
        this.single = layout(table, 1, "a row's buffers", "Use shorter rows.");
        long numbers = (long) single.floats() + single.ints() + single.flags();
        this.tile = Math.max(1, (int) Math.min(LARGEST_TILE, LARGEST_WORKSPACE / Math.max(1, numbers)));
        this.whole = joinsRows ? table : null;
        this.tiled = tile == 1 ? single : table.layout(tile);
    }

    /** The buffers of so many rows, which the JVM must be able to hold. */
    private static SlotTable.Layout layout(SlotTable table, int rows, String what, String remedy) {
        try {
            SlotTable.Layout layout = table.layout(rows);
            HeapLimit.require(what, layout.bytes());
            return layout;
        } catch (ArithmeticException overflow) {
            throw new InvalidInputException(
                    what, "have more than 2^31 elements together", remedy, "docs/TROUBLESHOOTING.md#memory", overflow);
        }
    }

    /** Whether the plan has a buffer for the value: passes leave some out. */
    boolean has(Value value) {
        return slots.containsKey(value);
    }

    /** The buffer of a value that the plan has. */
    Slot slot(Value value) {
        return Objects.requireNonNull(slots.get(value));
    }

    /** The shape of a value that the plan has. */
    Shape shape(Value value) {
        return Objects.requireNonNull(shapes.get(value));
    }

    /** Floats a row of each state that outlives a call, by id. */
    int[] stateRowSizes() {
        return stateRowSizes;
    }

    Slot output(int index) {
        return outputs.get(index);
    }

    List<Shape> outputShapes() {
        return outputShapes;
    }

    /** Rows that a workspace has room for at most. */
    int tile() {
        return whole == null ? tile : Integer.MAX_VALUE;
    }

    /** Whether all rows of a batch have to run together. */
    boolean joinsRows() {
        return whole != null;
    }

    /** A workspace for up to {@code rows} rows, at most {@link #tile}. Give it back with {@link #release}. */
    CallWorkspace acquire(int rows, Kernels kernels) {
        if (whole != null && rows > tile) {
            String what = "the buffers of " + rows + " rows, which have to run together,";
            return new CallWorkspace(rows, layout(whole, rows, what, "Use fewer rows in a call."), kernels);
        }
        boolean alone = rows == 1 && tile > 1;
        WorkspacePool pool = alone ? singles : tiles;
        CallWorkspace workspace = pool.take();
        if (workspace == null) {
            workspace = alone ? new CallWorkspace(1, single, kernels) : new CallWorkspace(tile, tiled, kernels);
        }
        workspace.use(kernels);
        return workspace;
    }

    void release(CallWorkspace workspace) {
        workspace.leave();
        if (workspace.capacity() > tile) {
            return; // made for one call
        }
        (workspace.capacity() == 1 && tile > 1 ? singles : tiles).give(workspace);
    }

    /** Runs all operations on the first rows of the workspace. */
    void run(CallWorkspace workspace, int rows) {
        for (int i = 0; i < operations.size(); i++) {
            operations.get(i).run(workspace, rows);
        }
    }
}
