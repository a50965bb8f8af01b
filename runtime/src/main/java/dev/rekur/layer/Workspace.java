package dev.rekur.layer;

import dev.rekur.kernel.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one call: every buffer of a plan, for up to {@link #capacity} rows. Belongs to one thread at a time.
 *
 * <p>Row {@code r} of a slot begins at {@code at(slot) + r * slot.rowSize()} of the array for its kind. At least {@link
 * #SLACK} floats lie behind each float buffer, so that kernels may read (and write back unchanged) whole vectors there.
 */
public interface Workspace {
    /** Floats that may be touched behind the end of a buffer. */
    int SLACK = 16;

    /**
     * Where buffers in a large array had best begin: here, or a multiple of 16 floats further on. An array's first element lies
     * 16 bytes behind the beginning of its object, and G1, the usual garbage collector, lets large objects begin at multiples of
     * 64 bytes; so do such buffers, then, and a vector of 512 bits lies in one line of the cache instead of two. Elsewhere it is
     * as good a beginning as any.
     */
    int ALIGNED = 12;

    /** Rows that fit. */
    int capacity();

    /** The arithmetic to use. */
    Kernels kernels();

    /** The array that holds a FLOAT slot. */
    float[] floats(Slot slot);

    /** The array that holds an INT slot. */
    int[] ints(Slot slot);

    /** The array that holds a FLAG slot. */
    boolean[] flags(Slot slot);

    /** Where the slot begins in its array. */
    int at(Slot slot);

    /** Copies rows of a FLOAT slot to another of the same row size; nothing if they are the same. */
    default void copy(Slot from, Slot to, int rows) {
        if (from != to) {
            System.arraycopy(floats(from), at(from), floats(to), at(to), rows * from.rowSize());
        }
    }

    /**
     * Where state that outlives the call is kept, row by row, or null if this call has no session.
     *
     * @param state a state declared with {@link Binding#state}
     */
    float @Nullable [] state(StateSlot state);

    /**
     * Where the state after the call is to be written, row by row, or null if this call has no session. It becomes {@link
     * #state} when the whole call has succeeded.
     *
     * @param state a state declared with {@link Binding#state}
     */
    default float @Nullable [] nextState(StateSlot state) {
        return state(state);
    }

    /** Index, within the batch and the session's state, of the first row of this workspace; see {@link Binding#rowsOfEach}. */
    int firstRow();
}
