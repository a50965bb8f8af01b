package dev.rekur.format.hdf5;

import java.util.HashMap;
import java.util.Map;

/** Texts of any length; section III.E of the specification. Collections are read once. */
final class GlobalHeap {
    /** Where an object lies. */
    private record Range(long at, long size) {}

    private final Hdf5Bytes bytes;
    private final Map<Long, Map<Integer, Range>> collections = new HashMap<>();

    GlobalHeap(Hdf5Bytes bytes) {
        this.bytes = bytes;
    }

    /** The text that a reference of {@code 4 + address + 4} bytes stands for. */
    String text(long referenceAt, String place) {
        long length = bytes.u32(referenceAt);
        long collection = bytes.address(referenceAt + 4);
        int index = (int) bytes.u32(referenceAt + 4 + bytes.offsetSize());
        if (length == 0 || collection == 0 || collection == Hdf5Bytes.UNDEFINED) {
            return "";
        }
        Map<Integer, Range> objects = collections.get(collection);
        if (objects == null) {
            objects = readCollection(collection, place);
            collections.put(collection, objects);
        }
        Range object = objects.get(index);
        if (object == null || object.size() < length) {
            throw bytes.broken(place, "a text that its heap does not hold");
        }
        long end = length;
        while (end > 0 && bytes.u8(object.at() + end - 1) == 0) {
            end--; // HDF5 counts a terminating zero for some writers
        }
        return bytes.text(object.at(), end);
    }

    private Map<Integer, Range> readCollection(long address, String place) {
        bytes.countObject(place);
        if (!bytes.signature(address, "GCOL")) {
            throw bytes.broken(place, "no heap where one was promised");
        }
        long size = bytes.size(address + 8);
        bytes.check(address, size);
        bytes.charge(size);
        long end = address + size;
        long at = address + 8 + bytes.lengthSize();
        int prefix = 8 + bytes.lengthSize();
        Map<Integer, Range> objects = new HashMap<>();
        while (at + prefix <= end) {
            int index = bytes.u16(at);
            long length = bytes.size(at + 8);
            if (index == 0) {
                break; // free space up to the end
            }
            if (length < 0 || length > end - at - prefix) {
                throw bytes.broken(place, "a text that is longer than its heap");
            }
            objects.put(index, new Range(at + prefix, length));
            at += prefix + (length + 7) / 8 * 8;
        }
        return objects;
    }
}
