package dev.rekur.format.hdf5;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts of any length, in collections that attributes refer to; section III.E of the specification. */
final class TextHeaps {
    /** Where a text lies: in which collection, as which object of it; the empty text is nowhere. */
    record Reference(@Nullable Block collection, int index, int length) {
        private static final Reference EMPTY = new Reference(null, 0, 0);

        long address() {
            return collection == null ? 0 : collection.address();
        }
    }

    /** A collection that has grown so large is left at that, and the next one begun. */
    private static final int FULL = 1 << 16;

    private final List<Collection> collections = new ArrayList<>();

    Reference add(byte[] text) {
        if (text.length == 0) {
            return Reference.EMPTY;
        }
        Collection last = collections.isEmpty() ? null : collections.get(collections.size() - 1);
        if (last == null || last.used >= FULL) {
            last = new Collection();
            collections.add(last);
        }
        return last.add(text);
    }

    List<? extends Block> blocks() {
        return collections;
    }

    private static final class Collection extends Block {
        /** Of the collection, and of each object in it. */
        private static final int HEADER = 16;

        /** The HDF5 library reads so much before it looks at the size. */
        private static final int SMALLEST = 4096;

        private final List<byte[]> objects = new ArrayList<>();
        private long used = HEADER;

        Reference add(byte[] text) {
            objects.add(text);
            used += HEADER + padded(text.length);
            return new Reference(this, objects.size(), text.length);
        }

        @Override
        long size() {
            return Math.max(SMALLEST, used);
        }

        @Override
        void write(LittleEndianOutput out) throws IOException {
            out.bytes(new byte[] {'G', 'C', 'O', 'L', 1, 0, 0, 0});
            out.u64(size());
            for (int i = 0; i < objects.size(); i++) {
                byte[] object = objects.get(i);
                out.u16(i + 1);
                out.u16(1); // references to it
                out.u32(0);
                out.u64(object.length);
                out.bytes(object);
                out.zeros(padded(object.length) - object.length);
            }
            long free = size() - used;
            if (free >= HEADER) {
                out.u64(0); // object 0 is what is free
                out.u64(free);
                free -= HEADER;
            }
            out.zeros(free);
        }
    }
}
