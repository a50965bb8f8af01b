package dev.rekur.format.hdf5;

import dev.rekur.error.ModelFormatException;

/**
 * Where the chunks of a dataset lie, as HDF5 1.10 and later write it for datasets that do not grow: one chunk, chunks side by
 * side, or a fixed array; sections IV.A.2.i and VII of the specification. Those that grow have other indexes, which are refused.
 */
final class ChunkIndex {
    private static final int SINGLE = 1;
    private static final int IMPLICIT = 2;
    private static final int FIXED_ARRAY = 3;

    /** Takes a chunk: its number in the order of the rows, where it lies, its bytes, and the filters that were left out. */
    interface Receiver {
        void chunk(long number, long at, long stored, int mask);
    }

    private final Hdf5Bytes bytes;
    private final String place;
    private final boolean filtered;
    private final long chunkBytes;
    private final Receiver receiver;

    /**
     * @param chunkBytes what a chunk takes without filters
     */
    ChunkIndex(Hdf5Bytes bytes, String place, boolean filtered, long chunkBytes, Receiver receiver) {
        this.bytes = bytes;
        this.place = place;
        this.filtered = filtered;
        this.chunkBytes = chunkBytes;
        this.receiver = receiver;
    }

    /**
     * Reads the index.
     *
     * @param at where its kind stands in the layout message
     * @param single whether the message says the size of a single chunk
     * @param count number of chunks
     */
    void read(long at, boolean single, long count) {
        int kind = bytes.u8(at);
        switch (kind) {
            case SINGLE -> {
                long stored = single ? bytes.size(at + 1) : chunkBytes;
                int mask = single ? (int) bytes.u32(at + 1 + bytes.lengthSize()) : 0;
                receive(0, bytes.address(at + 1 + (single ? bytes.lengthSize() + 4 : 0)), stored, mask);
            }
            case IMPLICIT -> {
                long from = written(bytes.address(at + 1));
                bytes.check(from, Math.multiplyExact(count, chunkBytes));
                for (long i = 0; i < count; i++) {
                    receive(i, from + i * chunkBytes, chunkBytes, 0);
                }
            }
            case FIXED_ARRAY -> readArray(written(bytes.address(at + 2)), count);
            default -> throw bytes.unsupported(place, "an index of chunks of datasets that grow");
        }
    }

    private void readArray(long headerAt, long count) {
        requireSignature(headerAt, "FAHD");
        int entrySize = bytes.u8(headerAt + 6);
        int pageBits = bytes.u8(headerAt + 7);
        long entries = bytes.size(headerAt + 8);
        long blockAt = written(bytes.address(headerAt + 8 + bytes.lengthSize()));
        requireSignature(blockAt, "FADB");
        int sizeWidth = entrySize - bytes.offsetSize() - 4;
        if (entries != count || pageBits > 30 || (filtered ? sizeWidth < 1 || sizeWidth > 8 : sizeWidth != -4)) {
            throw bytes.broken(place, "an array of chunks of impossible measures");
        }
        long perPage = 1L << pageBits;
        boolean paged = entries > perPage;
        long pages = (entries + perPage - 1) / perPage;
        long bitmapAt = blockAt + 6 + bytes.offsetSize();
        long entryAt = bitmapAt + (paged ? (pages + 7) / 8 + 4 : 0);
        bytes.check(entryAt, Math.multiplyExact(entries, (long) entrySize));
        for (long i = 0; i < entries; i++) {
            if (paged && i % perPage == 0) {
                requirePage(bitmapAt, i / perPage);
                entryAt += i == 0 ? 0 : 4; // the checksum of the page before
            }
            long address = bytes.address(entryAt);
            long sizeAt = entryAt + bytes.offsetSize();
            receive(
                    i,
                    address,
                    filtered ? bytes.number(sizeAt, sizeWidth) : chunkBytes,
                    filtered ? (int) bytes.u32(sizeAt + sizeWidth) : 0);
            entryAt += entrySize;
        }
    }

    /** A page without its bit in the bitmap was never written, and has room in the file all the same. */
    private void requirePage(long bitmapAt, long page) {
        if ((bytes.u8(bitmapAt + page / 8) & 0x80 >> page % 8) == 0) {
            throw neverWritten();
        }
    }

    private void receive(long number, long at, long stored, int mask) {
        if (stored < 0 || stored > Integer.MAX_VALUE) {
            throw bytes.broken(place, "a chunk of " + stored + " bytes");
        }
        receiver.chunk(number, written(at), stored, mask);
    }

    private long written(long address) {
        if (address == Hdf5Bytes.UNDEFINED || address == 0) { // at 0 lies the superblock
            throw neverWritten();
        }
        return address;
    }

    private ModelFormatException neverWritten() {
        return bytes.broken(place, "its content was never written");
    }

    private void requireSignature(long at, String letters) {
        bytes.countObject(place);
        if (!bytes.signature(at, letters) || bytes.u8(at + 4) != 0) {
            throw bytes.broken(place, "no index of chunks where one was promised");
        }
    }
}
