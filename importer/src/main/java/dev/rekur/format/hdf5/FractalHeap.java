package dev.rekur.format.hdf5;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where newer groups and objects keep links and attributes once they are many; section III.G of the specification. Objects are
 * found by an id. Filtered heaps, which neither links nor attributes have, are refused.
 */
final class FractalHeap {
    private static final int DEPTH_LIMIT = 32;

    /** Where an object lies. */
    record Range(long at, long size) {}

    /** A direct block: the range of the heap's own addresses that it covers, and where it lies. */
    private record Direct(long offset, long size, long at) {}

    private final Hdf5Bytes bytes;
    private final String place;
    private final long headerAt;
    private final int offsetWidth;
    private final int lengthWidth;
    private final int hugeIdWidth;
    private final long hugeTreeAt;
    private final int tableWidth;
    private final long smallestBlock;
    private final long largestDirect;
    private final long rootAt;
    private final int rootRows;
    private final Set<Long> visited = new HashSet<>();
    private final Map<Long, Range> huge = new HashMap<>();

    FractalHeap(Hdf5Bytes bytes, long address, String place) {
        this.bytes = bytes;
        this.place = place;
        this.headerAt = address;
        bytes.countObject(place);
        if (!bytes.signature(address, "FRHP") || bytes.u8(address + 4) != 0) {
            throw bytes.broken(place, "no heap where one was promised");
        }
        if (bytes.u16(address + 7) != 0) {
            throw bytes.unsupported(place, "a filtered heap");
        }
        int idSize = bytes.u16(address + 5);
        if (idSize < 2 || idSize > 16) {
            throw bytes.broken(place, "ids of " + idSize + " bytes");
        }
        hugeIdWidth = Math.min(idSize - 1, 8);
        int offsets = bytes.offsetSize();
        int lengths = bytes.lengthSize();
        long largestObject = bytes.u32(address + 10);
        hugeTreeAt = bytes.address(address + 14 + lengths);
        long tableAt = address + 14 + 10L * lengths + 2L * offsets;
        tableWidth = bytes.u16(tableAt);
        smallestBlock = bytes.size(tableAt + 2);
        largestDirect = bytes.size(tableAt + 2 + lengths);
        int addressBits = bytes.u16(tableAt + 2 + 2L * lengths);
        rootAt = bytes.address(tableAt + 6 + 2L * lengths);
        rootRows = bytes.u16(tableAt + 6 + 2L * lengths + offsets);
        if (!isPowerOfTwo(smallestBlock)
                || !isPowerOfTwo(largestDirect)
                || largestDirect < smallestBlock
                || tableWidth == 0
                || addressBits == 0
                || addressBits > 62) {
            throw bytes.broken(place, "a heap of impossible measures");
        }
        offsetWidth = (addressBits + 7) / 8;
        lengthWidth = Math.min((log2(largestDirect) + 7) / 8, log2(Math.max(1, largestObject)) / 8 + 1);
    }

    /** The object of an id that stands at an address. */
    Range object(long idAt) {
        int first = bytes.u8(idAt);
        if ((first & 0xC0) != 0) {
            throw bytes.unsupported(place, "version " + (first >> 6) + " of a heap's ids");
        }
        return switch (first >> 4 & 3) {
            case 0 -> managed(bytes.number(idAt + 1, offsetWidth), bytes.number(idAt + 1 + offsetWidth, lengthWidth));
            case 1 -> huge(bytes.number(idAt + 1, hugeIdWidth));
            default -> throw bytes.unsupported(place, "a heap that stores small objects inside their ids");
        };
    }

    private Range managed(long offset, long size) {
        if (rootAt == Hdf5Bytes.UNDEFINED) {
            throw bytes.broken(place, "an object of an empty heap");
        }
        visited.clear();
        Direct block = rootRows == 0 ? new Direct(0, smallestBlock, rootAt) : indirect(rootAt, 0, rootRows, offset, 0);
        if (offset < block.offset() || size > block.offset() + block.size() - offset) {
            throw bytes.broken(place, "an object that reaches out of its heap");
        }
        bytes.check(block.at(), block.size());
        if (!bytes.signature(block.at(), "FHDB")
                || bytes.address(block.at() + 5) != headerAt
                || bytes.number(block.at() + 5 + bytes.offsetSize(), offsetWidth) != block.offset()) {
            throw bytes.broken(place, "no block of a heap where one was promised");
        }
        return new Range(block.at() + offset - block.offset(), size);
    }

    /** The direct block, below an indirect one, that covers an offset. */
    private Direct indirect(long at, long from, int rows, long offset, int depth) {
        if (depth > DEPTH_LIMIT || !visited.add(at)) {
            throw bytes.broken(place, "a heap that refers to itself in a circle");
        }
        bytes.countObject(place);
        if (!bytes.signature(at, "FHIB") || bytes.address(at + 5) != headerAt) {
            throw bytes.broken(place, "no table of a heap where one was promised");
        }
        int directRows = log2(largestDirect) - log2(smallestBlock) + 2;
        long entryAt = at + 5 + bytes.offsetSize() + offsetWidth;
        long rowFrom = from;
        for (int row = 0; row < rows && row < 62; row++) {
            long size = smallestBlock << Math.max(0, row - 1);
            if (size <= 0 || size > Long.MAX_VALUE / 2 / tableWidth) {
                break;
            }
            if (offset < rowFrom + size * tableWidth) {
                long column = (offset - rowFrom) / size;
                long child = bytes.address(entryAt + ((long) row * tableWidth + column) * bytes.offsetSize());
                long childFrom = rowFrom + column * size;
                if (child == Hdf5Bytes.UNDEFINED) {
                    break;
                }
                return row < directRows
                        ? new Direct(childFrom, size, child)
                        : indirect(child, childFrom, rowsOf(size), offset, depth + 1);
            }
            rowFrom += size * tableWidth;
        }
        throw bytes.broken(place, "an object that its heap does not hold");
    }

    /** Rows of an indirect block that covers so much. */
    private int rowsOf(long size) {
        return log2(size) - log2(smallestBlock * Long.highestOneBit(tableWidth)) + 1;
    }

    /** What is too large for a block lies outside of the heap; a tree tells where. */
    private Range huge(long id) {
        if (hugeTreeAt == Hdf5Bytes.UNDEFINED) {
            throw bytes.broken(place, "a large object that nothing leads to");
        }
        if (huge.isEmpty()) {
            int width = bytes.offsetSize() + 2 * bytes.lengthSize();
            new RecordTree(bytes, place)
                    .read(
                            hugeTreeAt,
                            1,
                            width,
                            at -> huge.put(
                                    bytes.size(at + bytes.offsetSize() + bytes.lengthSize()),
                                    new Range(bytes.address(at), bytes.size(at + bytes.offsetSize()))));
        }
        Range range = huge.get(id);
        if (range == null) {
            throw bytes.broken(place, "a large object that its heap does not hold");
        }
        bytes.check(range.at(), range.size());
        return range;
    }

    private static boolean isPowerOfTwo(long number) {
        return number > 0 && Long.bitCount(number) == 1;
    }

    private static int log2(long number) {
        return 63 - Long.numberOfLeadingZeros(number);
    }
}
