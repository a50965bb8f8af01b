package dev.rekur.format.hdf5;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The children of a group as h5py stores them: a B-tree of names; sections III.A.1, III.B and III.D of the specification. */
final class SymbolTable {
    private static final int DEPTH_LIMIT = 32;

    private final Hdf5Bytes bytes;
    private final String place;
    private final Set<Long> visited = new HashSet<>();
    private final List<String> softLinks = new ArrayList<>();

    SymbolTable(Hdf5Bytes bytes, String place) {
        this.bytes = bytes;
        this.place = place;
    }

    /** Reads the table whose message is at an address. */
    void read(long messageAt, Map<String, Long> found) {
        long tree = bytes.address(messageAt);
        long heap = bytes.address(messageAt + bytes.offsetSize());
        if (!bytes.signature(heap, "HEAP")) {
            throw bytes.broken(place, "no heap of names where one was promised");
        }
        long namesSize = bytes.size(heap + 8);
        long namesAt = bytes.address(heap + 8 + 2L * bytes.lengthSize());
        bytes.check(namesAt, namesSize);
        readNode(tree, namesAt, namesAt + namesSize, 0, found);
        if (!softLinks.isEmpty()) {
            throw bytes.refused(place, "a soft link (" + String.join(", ", softLinks) + ")");
        }
    }

    private void readNode(long at, long namesAt, long namesEnd, int depth, Map<String, Long> found) {
        if (depth > DEPTH_LIMIT || !visited.add(at)) {
            throw bytes.broken(place, "a tree of names that refers to itself in a circle");
        }
        bytes.countObject(place);
        if (bytes.signature(at, "SNOD")) {
            readLeaf(at, namesAt, namesEnd, found);
            return;
        }
        if (!bytes.signature(at, "TREE") || bytes.u8(at + 4) != 0) {
            throw bytes.broken(place, "no tree of names where one was promised");
        }
        int entries = bytes.u16(at + 6);
        long childAt = at + 8 + 2L * bytes.offsetSize() + bytes.lengthSize();
        for (int i = 0; i < entries; i++) {
            readNode(bytes.address(childAt), namesAt, namesEnd, depth + 1, found);
            childAt += bytes.lengthSize() + bytes.offsetSize();
        }
    }

    private void readLeaf(long at, long namesAt, long namesEnd, Map<String, Long> found) {
        int entries = bytes.u16(at + 6);
        long entryAt = at + 8;
        for (int i = 0; i < entries; i++) {
            long nameAt = bytes.unsigned(entryAt, bytes.offsetSize());
            if (nameAt < 0 || nameAt >= namesEnd - namesAt) {
                throw bytes.broken(place, "a name outside of the heap of names");
            }
            String name = bytes.textUntilZero(namesAt + nameAt, namesEnd, place);
            long address = bytes.address(entryAt + bytes.offsetSize());
            long cache = bytes.u32(entryAt + 2L * bytes.offsetSize());
            if (cache == 2) {
                if (softLinks.size() < 10) {
                    softLinks.add(name);
                }
            } else {
                add(bytes, place, found, name, address);
            }
            entryAt += 2L * bytes.offsetSize() + 24;
        }
    }

    /** Adds a child, whose name must be plain and new. */
    static void add(Hdf5Bytes bytes, String place, Map<String, Long> found, String name, long address) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw bytes.broken(place, "'" + name + "' is no name of a child");
        }
        if (found.put(name, address) != null) {
            throw bytes.broken(place, "child '" + name + "' is there twice");
        }
        bytes.countObject(place);
    }
}
