package dev.rekur.plan;

import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers of a plan, and where each lies. FLOAT buffers whose lives do not overlap share memory; INT and FLAG ones are
 * small and do not.
 */
public final class SlotTable {
    private final List<Slot> slots = new ArrayList<>();
    private final List<Integer> firstUse = new ArrayList<>();
    private final List<Integer> lastUse = new ArrayList<>();

    /** A new buffer that is written at a stage. */
    public Slot add(ValueKind kind, int rowSize, int stage) {
        Slot slot = new Slot(slots.size(), kind, rowSize);
        slots.add(slot);
        firstUse.add(stage);
        lastUse.add(stage);
        return slot;
    }

    /** Keeps a buffer alive until a stage has run. */
    public void extend(Slot slot, int stage) {
        lastUse.set(slot.id(), Math.max(lastUse.get(slot.id()), stage));
    }

    public boolean isFree(Slot slot, int afterStage) {
        return lastUse.get(slot.id()) <= afterStage;
    }

    /**
     * Where each buffer begins, for workspaces of a capacity.
     *
     * @param starts by slot id
     * @param floats length of the array for FLOAT slots
     * @param ints length of the array for INT slots
     * @param flags length of the array for FLAG slots
     */
    public record Layout(int[] starts, int floats, int ints, int flags) {
        /** What the arrays take. */
        public long bytes() {
            return 4L * floats + 4L * ints + flags;
        }
    }

    /**
     * Lays the buffers out.
     *
     * @throws ArithmeticException if an array would be too long
     */
    public Layout layout(int capacity) {
        int[] starts = new int[slots.size()];
        int floats = 0;
        int ints = 0;
        int flags = 0;
        List<Slot> placed = new ArrayList<>();
        for (Slot slot : slots) {
            int length = Math.multiplyExact(capacity, slot.rowSize());
            switch (slot.kind()) {
                case INT -> {
                    starts[slot.id()] = ints;
                    ints = Math.addExact(ints, length);
                }
                case FLAG -> {
                    starts[slot.id()] = flags;
                    flags = Math.addExact(flags, length);
                }
                default -> {
                    starts[slot.id()] = firstFit(slot, capacity, starts, placed);
                    placed.add(slot);
                    floats = Math.max(floats, Math.addExact(starts[slot.id()], footprint(slot, capacity)));
                }
            }
        }
        return new Layout(starts, floats, ints, flags);
    }

    private int firstFit(Slot slot, int capacity, int[] starts, List<Slot> placed) {
        int needed = footprint(slot, capacity);
        List<Slot> alive = placed.stream()
                .filter(other -> overlaps(slot, other))
                .sorted((a, b) -> Integer.compare(starts[a.id()], starts[b.id()]))
                .toList();
        int at = Workspace.ALIGNED;
        for (Slot other : alive) {
            if (Math.addExact(at, needed) <= starts[other.id()]) {
                return at;
            }
            at = Math.max(at, starts[other.id()] + footprint(other, capacity));
        }
        return at;
    }

    private boolean overlaps(Slot a, Slot b) {
        return firstUse.get(a.id()) <= lastUse.get(b.id()) && firstUse.get(b.id()) <= lastUse.get(a.id());
    }

    /** Floats to the next buffer: the rows and the slack, rounded up to whole vectors. */
    private static int footprint(Slot slot, int capacity) {
        int length = Math.multiplyExact(capacity, slot.rowSize());
        return Math.addExact(length, Workspace.SLACK + 15) / 16 * 16;
    }
}
