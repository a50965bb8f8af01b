package dev.rekur.format.hdf5;

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;

/** A B-tree of version 2, whose records say where something is; section III.A.2 of the specification. */
final class RecordTree {
    private static final int DEPTH_LIMIT = 16;

    /** Signature, version, type and checksum of a node. */
    private static final int NODE_PREFIX = 6;

    private static final int NODE_FRAME = 10;

    private final Hdf5Bytes bytes;
    private final String place;
    private final Set<Long> visited = new HashSet<>();

    /** Widths of the numbers of records: of those in a node, and of all below a node, by its depth. */
    private int countWidth;

    private int[] totalWidths = {};
    private int type;
    private int recordSize;
    private long nodeSize;

    RecordTree(Hdf5Bytes bytes, String place) {
        this.bytes = bytes;
        this.place = place;
    }

    /**
     * Reads all records.
     *
     * @param expectedType what the records are for
     * @param smallest bytes that a record has at least
     * @param records takes the address of each
     */
    void read(long address, int expectedType, int smallest, LongConsumer records) {
        if (!bytes.signature(address, "BTHD") || bytes.u8(address + 4) != 0 || bytes.u8(address + 5) != expectedType) {
            throw bytes.broken(place, "no tree of records where one was promised");
        }
        type = expectedType;
        nodeSize = bytes.u32(address + 6);
        recordSize = bytes.u16(address + 10);
        int depth = bytes.u16(address + 12);
        if (recordSize < smallest || depth > DEPTH_LIMIT || nodeSize < NODE_FRAME + recordSize) {
            throw bytes.broken(place, "a tree of records of impossible measures");
        }
        measure(depth);
        long root = bytes.address(address + 16);
        int count = bytes.u16(address + 16 + bytes.offsetSize());
        if (root != Hdf5Bytes.UNDEFINED) {
            readNode(root, count, depth, records);
        }
    }

    private void measure(int depth) {
        long most = (nodeSize - NODE_FRAME) / recordSize;
        countWidth = width(most);
        totalWidths = new int[depth + 1];
        for (int level = 1; level <= depth; level++) {
            int pointer = bytes.offsetSize() + countWidth + totalWidths[level - 1];
            long here = (nodeSize - NODE_FRAME - pointer) / (recordSize + pointer);
            most = Math.min((here + 1) * most + here, 1L << 40); // no file has as many
            totalWidths[level] = width(most);
        }
    }

    private void readNode(long at, long count, int depth, LongConsumer records) {
        if (!visited.add(at)) {
            throw bytes.broken(place, "a tree of records that refers to itself in a circle");
        }
        bytes.countObject(place);
        if (!bytes.signature(at, depth == 0 ? "BTLF" : "BTIN") || bytes.u8(at + 5) != type) {
            throw bytes.broken(place, "no node of a tree of records where one was promised");
        }
        long recordsAt = at + NODE_PREFIX;
        bytes.check(recordsAt, count * recordSize);
        bytes.charge(count * recordSize);
        for (long i = 0; i < count; i++) {
            records.accept(recordsAt + i * recordSize);
        }
        if (depth > 0) {
            long childAt = recordsAt + count * recordSize;
            int step = bytes.offsetSize() + countWidth + totalWidths[depth - 1];
            for (long i = 0; i <= count; i++) {
                long below = bytes.number(childAt + bytes.offsetSize(), countWidth);
                readNode(bytes.address(childAt), below, depth - 1, records);
                childAt += step;
            }
        }
    }

    /** Bytes for numbers up to this one. */
    private static int width(long largest) {
        return (63 - Long.numberOfLeadingZeros(Math.max(1, largest))) / 8 + 1;
    }
}
