package dev.rekur.training.step;

import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import dev.rekur.plan.SlotTable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some rows of a batch: the buffers of a plan for them, and what they add to the gradients of weights. */
final class Shard implements TrainingWorkspace {
    private final int capacity;
    private final int[] starts;
    private final int[] dense;
    private final ShardMemories.Memory memory;
    private final Kernels kernels;
    private @Nullable LastingStates states;
    private int firstRow;
    private int batchRows;
    private long step;
    private boolean tracing;

    /**
     * @param dense indices of the trained variables that it adds to
     * @param memory which other shards may have used when this one begins, but not before it is done
     */
    Shard(int capacity, SlotTable.Layout layout, List<Integer> dense, ShardMemories.Memory memory, Kernels kernels) {
        this.capacity = capacity;
        this.dense = dense.stream().mapToInt(Integer::intValue).toArray();
        this.starts = layout.starts();
        this.memory = memory;
        memory.require(layout);
        this.kernels = kernels;
    }

    /** Begins a step: says which rows these are, and forgets gradients. */
    void begin(int batchFirstRow, int rowsOfBatch, long number, @Nullable LastingStates lasting) {
        firstRow = batchFirstRow;
        batchRows = rowsOfBatch;
        step = number;
        states = lasting;
        for (int i = 0; i < dense.length; i++) {
            Arrays.fill(reserved(dense[i]), 0f);
        }
    }

    /** Says whether backward is to note the gradients of states. */
    void traceStates(boolean trace) {
        tracing = trace;
    }

    /** Rows of all shards. */
    int batchRows() {
        return batchRows;
    }

    /** What this shard adds to a variable; null if it adds nothing. */
    float @Nullable [] gradient(int variable) {
        return memory.gradients[variable];
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    @Override
    public float[] floats(Slot slot) {
        return memory.floats;
    }

    @Override
    public int[] ints(Slot slot) {
        return memory.ints;
    }

    @Override
    public boolean[] flags(Slot slot) {
        return memory.flags;
    }

    @Override
    public int at(Slot slot) {
        return starts[slot.id()];
    }

    @Override
    public float @Nullable [] state(StateSlot state) {
        return states == null ? null : states.before(state);
    }

    @Override
    public float @Nullable [] nextState(StateSlot state) {
        return states == null ? null : states.after(state);
    }

    @Override
    public int firstRow() {
        return firstRow;
    }

    @Override
    public float[] gradient(WeightGradient gradient) {
        return reserved(gradient.id());
    }

    private float[] reserved(int variable) {
        float[] found = memory.gradients[variable];
        if (found == null) {
            throw new IllegalStateException("no gradient was reserved for variable " + variable);
        }
        return found;
    }

    @Override
    public boolean tracesStates() {
        return tracing;
    }

    @Override
    public long step() {
        return step;
    }
}
