package dev.rekur.inference;

import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.Workspace;
import dev.rekur.plan.SlotTable;
import org.jspecify.annotations.Nullable;

/** The buffers of a plan for the rows of one call, or of one tile of it. */
final class CallWorkspace implements Workspace {
    private final int capacity;
    private final int[] starts;
    private final float[] floats;
    private final int[] ints;
    private final boolean[] flags;
    private Kernels kernels;
    private @Nullable Session session;
    private int firstRow;

    CallWorkspace(int capacity, SlotTable.Layout layout, Kernels kernels) {
        this.capacity = capacity;
        this.kernels = kernels;
        this.starts = layout.starts();
        this.floats = new float[layout.floats()];
        this.ints = new int[layout.ints()];
        this.flags = new boolean[layout.flags()];
    }

    void use(Kernels callKernels) {
        kernels = callKernels;
    }

    /** Which rows of the call these are, and whose state they carry on; the session may be null. */
    void place(int callFirstRow, @Nullable Session callSession) {
        firstRow = callFirstRow;
        session = callSession;
    }

    /** Lets go of what belongs to the call. */
    void leave() {
        session = null;
        firstRow = 0;
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
        return session == null ? null : session.state(state);
    }

    @Override
    public float @Nullable [] nextState(StateSlot state) {
        return session == null ? null : session.nextState(state);
    }

    @Override
    public int firstRow() {
        return firstRow;
    }
}
