package dev.rekur.format.hdf5;

import java.io.IOException;

/** A piece of a file: its size is known at once, its address when all pieces have been lined up, then it is written. */
abstract class Block {
    private static final long NOT_PLACED = -1;

    private long address = NOT_PLACED;

    abstract long size();

    /** Writes exactly {@link #size} bytes. */
    abstract void write(LittleEndianOutput out) throws IOException;

    final void place(long at) {
        address = at;
    }

    /** Where the block lies in the file. */
    final long address() {
        if (address == NOT_PLACED) {
            throw new IllegalStateException("a block that is referred to, but not in the file");
        }
        return address;
    }

    static long padded(long size) {
        return (size + 7) / 8 * 8;
    }
}
