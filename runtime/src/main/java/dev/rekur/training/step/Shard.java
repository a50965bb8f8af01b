package dev.rekur.training.step;

import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.TrainingWorkspace;
import dev.rekur.layer.WeightGradient;
import dev.rekur.plan.SlotTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some rows of a batch: the buffers of a plan for them, and what they add to the gradients of weights. */
final class Shard implements TrainingWorkspace {
    private final int capacity;
    private final int[] starts;
    private final float[] floats;
    private final int[] ints;
    private final boolean[] flags;
    private final float[] @Nullable [] gradients;
    private final Kernels kernels;
    private @Nullable LastingStates states;
    private int firstRow;
    private int batchRows;
    private long step;
    private boolean tracing;

    /**
     * @param gradients by trained variable; null where the shard adds nothing
     */
    Shard(int capacity, SlotTable.Layout layout, float[] @Nullable [] gradients, Kernels kernels) {
        this.capacity = capacity;
        this.starts = layout.starts();
        this.floats = new float[layout.floats()];
        this.ints = new int[layout.ints()];
        this.flags = new boolean[layout.flags()];
        this.gradients = gradients;
        this.kernels = kernels;
    }

    /** Begins a step: says which rows these are, and forgets gradients. */
    void begin(int batchFirstRow, int rowsOfBatch, long number, @Nullable LastingStates lasting) {
        firstRow = batchFirstRow;
        batchRows = rowsOfBatch;
        step = number;
        states = lasting;
        for (float[] gradient : gradients) {
            if (gradient != null) {
                Arrays.fill(gradient, 0f);
            }
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

    float @Nullable [] gradient(int variable) {
        return gradients[variable];
    }

    /** Bytes that the buffers take. */
    long sizeBytes() {
        return 4L * floats.length + 4L * ints.length + flags.length;
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
        return floats;
    }

    @Override
    public int[] ints(Slot slot) {
        return ints;
    }

    @Override
    public boolean[] flags(Slot slot) {
        return flags;
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
        float[] found = gradients[gradient.id()];
        if (found == null) {
            throw new IllegalStateException("no gradient was reserved for variable " + gradient.id());
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
