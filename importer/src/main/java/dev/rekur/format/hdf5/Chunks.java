package dev.rekur.format.hdf5;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/** A dataset in chunks, found by a B-tree, section III.A.1 of the specification, or by a {@link ChunkIndex}. */
final class Chunks {
    private static final int DEPTH_LIMIT = 32;

    /** Bytes of a chunk that need no explanation: h5py makes none larger by itself, however small the dataset. */
    private static final long CHUNK_FLOOR = 1L << 20;

    private static final long CHUNK_RATIO = 4;

    private final Hdf5Bytes bytes;
    private final String place;
    private final Datatype type;
    private final long[] dimensions;
    private final Filters filters;
    private final Set<Long> visited = new HashSet<>();
    private final Set<Long> chunksRead = new HashSet<>();
    private int[] chunk = {};
    private int chunkBytes;
    private float[] values = {};

    Chunks(Hdf5Bytes bytes, String place, Datatype type, long[] dimensions, Filters filters) {
        this.bytes = bytes;
        this.place = place;
        this.type = type;
        this.dimensions = dimensions;
        this.filters = filters;
    }

    /**
     * Reads all chunks.
     *
     * @param treeAt address of the tree
     * @param dimensionsAt where the extents of a chunk stand, 4 bytes each
     * @param rank number of the extents
     * @param count elements of the dataset
     */
    float[] readTree(long treeAt, long dimensionsAt, int rank, int count) {
        long expected = prepare(dimensionsAt, 4, rank, count);
        if (treeAt == Hdf5Bytes.UNDEFINED) {
            throw bytes.broken(place, "its content was never written");
        }
        readNode(treeAt, 0);
        return complete(expected);
    }

    /**
     * Reads all chunks of a dataset that HDF5 1.10 or later wrote.
     *
     * @param at where the flags of the chunks stand in the layout message
     * @param count elements of the dataset
     */
    float[] readIndexed(long at, int count) {
        int flags = bytes.u8(at);
        int rank = bytes.u8(at + 1) - 1;
        int width = bytes.u8(at + 2);
        if (width < 1 || width > 8) {
            throw bytes.broken(place, "extents of " + width + " bytes");
        }
        if ((flags & 1) != 0) {
            throw bytes.unsupported(place, "chunks at the edge that are stored without their filters");
        }
        long expected = prepare(at + 3, width, rank, count);
        new ChunkIndex(bytes, place, !filters.isEmpty(), chunkBytes, (number, chunkAt, stored, mask) -> {
                    int[] origin = new int[chunk.length];
                    long rest = number;
                    for (int i = chunk.length - 1; i >= 0; i--) {
                        long along = (dimensions[i] + chunk[i] - 1) / chunk[i];
                        origin[i] = (int) (rest % along * chunk[i]);
                        rest /= along;
                    }
                    readChunk(origin, number, chunkAt, stored, mask);
                })
                .read(at + 3 + (long) width * (rank + 1), (flags & 2) != 0, expected);
        return complete(expected);
    }

    /** Reads the extents of a chunk and makes room; the number of chunks. */
    private long prepare(long dimensionsAt, int width, int rank, int count) {
        if (rank != dimensions.length || rank == 0) {
            throw bytes.broken(place, "chunks of rank " + rank + " in a dataset of rank " + dimensions.length);
        }
        chunk = new int[rank];
        long size = type.size();
        long expected = 1;
        for (int i = 0; i < rank; i++) {
            long extent = bytes.number(dimensionsAt + (long) width * i, width);
            if (extent < 1 || extent > Integer.MAX_VALUE || size > Integer.MAX_VALUE / extent) {
                throw bytes.broken(place, "chunks with an extent of " + extent);
            }
            chunk[i] = (int) extent;
            size *= extent;
            expected *= (dimensions[i] + extent - 1) / extent;
        }
        if (size > Math.max(CHUNK_FLOOR, CHUNK_RATIO * count * type.size())) {
            throw bytes.broken(
                    place,
                    "chunks of " + size + " bytes in a dataset of " + (long) count * type.size()
                            + " are taken for a decompression bomb");
        }
        chunkBytes = (int) size;
        bytes.chargeChunked((long) count * Math.max(4, type.size()), place);
        values = new float[count];
        return expected;
    }

    private float[] complete(long expected) {
        if (chunksRead.size() != expected) {
            throw bytes.broken(place, "expected " + expected + " chunks, found " + chunksRead.size());
        }
        return values;
    }

    private void readNode(long at, int depth) {
        if (depth > DEPTH_LIMIT || !visited.add(at)) {
            throw bytes.broken(place, "a tree of chunks that refers to itself in a circle");
        }
        bytes.countObject(place);
        if (!bytes.signature(at, "TREE") || bytes.u8(at + 4) != 1) {
            throw bytes.broken(place, "no tree of chunks where one was promised");
        }
        int level = bytes.u8(at + 5);
        int entries = bytes.u16(at + 6);
        int keySize = 8 + 8 * (chunk.length + 1);
        long keyAt = at + 8 + 2L * bytes.offsetSize();
        for (int i = 0; i < entries; i++) {
            long child = bytes.address(keyAt + keySize);
            if (level > 0) {
                readNode(child, depth + 1);
            } else {
                readChunk(keyAt, child);
            }
            keyAt += keySize + bytes.offsetSize();
        }
    }

    private void readChunk(long keyAt, long at) {
        long stored = bytes.u32(keyAt);
        int mask = (int) bytes.u32(keyAt + 4);
        int[] origin = new int[chunk.length];
        long id = 0;
        for (int i = 0; i < chunk.length; i++) {
            long offset = bytes.unsigned(keyAt + 8 + 8L * i, 8);
            if (offset < 0 || offset >= dimensions[i] || offset % chunk[i] != 0) {
                throw bytes.broken(place, "a chunk outside of the dataset");
            }
            origin[i] = (int) offset;
            id = id * ((dimensions[i] + chunk[i] - 1) / chunk[i]) + offset / chunk[i];
        }
        readChunk(origin, id, at, stored, mask);
    }

    private void readChunk(int[] origin, long id, long at, long stored, int mask) {
        if (!chunksRead.add(id)) {
            throw bytes.broken(place, "a chunk that is there twice");
        }
        bytes.check(at, stored);
        ByteBuffer content;
        if (filters.isEmpty()) {
            if (stored != chunkBytes) {
                throw bytes.broken(place, "a chunk of " + stored + " bytes where " + chunkBytes + " are expected");
            }
            bytes.charge(stored);
            content = bytes.view(at, stored);
        } else {
            content = ByteBuffer.wrap(filters.undo(bytes, at, (int) stored, mask, chunkBytes, place));
        }
        copyRows(content, origin);
    }

    /** Copies the rows along the last axis that lie inside the dataset; chunks at its edge reach beyond. */
    private void copyRows(ByteBuffer content, int[] origin) {
        int last = chunk.length - 1;
        int[] inside = new int[chunk.length];
        for (int i = 0; i <= last; i++) {
            inside[i] = (int) Math.min(chunk[i], dimensions[i] - origin[i]);
        }
        int[] index = new int[chunk.length];
        while (true) {
            long target = 0;
            long source = 0;
            for (int i = 0; i <= last; i++) {
                target = target * dimensions[i] + origin[i] + index[i];
                source = source * chunk[i] + index[i];
            }
            Hdf5Dataset.decode(type, content, (int) source * type.size(), values, (int) target, inside[last]);
            int axis = last - 1;
            while (axis >= 0 && ++index[axis] == inside[axis]) {
                index[axis--] = 0;
            }
            if (axis < 0) {
                return;
            }
        }
    }
}
