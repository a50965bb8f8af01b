package dev.rekur.format.hdf5;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An HDF5 file in memory. Reads what Keras and h5py write: symbol tables, compact and dense links and attributes, contiguous,
 * compact and chunked data (deflate, shuffle), numbers, fixed and variable text. It skips a user block.
 * Every way out of the file (external and soft links, external storage, virtual datasets) is refused, and errors name what else it does
 * not know.
 *
 * <p>Not thread-safe; datasets that were read are independent of it.
 */
public final class Hdf5File {
    private static final int DEPTH_LIMIT = 64;

    private final Hdf5Bytes bytes;
    private final GlobalHeap heap;
    private final Hdf5Group root;

    private Hdf5File(Hdf5Bytes bytes, long userBlock) {
        this.bytes = bytes;
        this.heap = new GlobalHeap(bytes);
        long address = Superblock.read(bytes, userBlock).rootAddress();
        this.root = new Hdf5Group(this, ObjectHeader.read(bytes, address, "root group"), "");
    }

    /** True if the bytes are an HDF5 file, which may begin behind a user block. */
    public static boolean recognizes(byte[] bytes, int offset, int length) {
        return Superblock.find(bytes, offset, length) >= 0;
    }

    /** The first place behind another one where an HDF5 file may begin; the first of all is 0. */
    public static long placeBehind(long offset) {
        return Superblock.next(offset);
    }

    /**
     * Opens a file in memory; the array must not be written to.
     *
     * @param name for messages
     * @throws dev.rekur.error.ModelFormatException if it is damaged
     */
    public static Hdf5File open(String name, byte[] array, int offset, int length) {
        int userBlock = Math.max(0, Superblock.find(array, offset, length));
        return new Hdf5File(new Hdf5Bytes(name, array, offset + userBlock, length - userBlock), userBlock);
    }

    public Hdf5Group root() {
        return root;
    }

    /** Every dataset of the file once, by the first path that leads to it. For comparing readers. */
    public List<Hdf5Dataset> datasets() {
        List<Hdf5Dataset> found = new ArrayList<>();
        collect(root, 0, new HashSet<>(), found);
        return found;
    }

    private void collect(Hdf5Group group, int depth, Set<Long> visited, List<Hdf5Dataset> found) {
        if (depth > DEPTH_LIMIT) {
            throw bytes.broken(group.place(), "groups more than " + DEPTH_LIMIT + " levels deep");
        }
        for (String name : group.names()) {
            if (visited.add(group.address(name))) {
                Hdf5Node node = group.node(name).orElseThrow();
                if (node instanceof Hdf5Dataset dataset) {
                    found.add(dataset);
                } else {
                    collect((Hdf5Group) node, depth + 1, visited, found);
                }
            }
        }
    }

    Hdf5Bytes bytes() {
        return bytes;
    }

    GlobalHeap heap() {
        return heap;
    }
}
