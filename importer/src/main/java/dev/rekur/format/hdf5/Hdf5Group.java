package dev.rekur.format.hdf5;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A group: children by name. Nothing is opened before it is asked for by name. */
public final class Hdf5Group extends Hdf5Node {
    private static final int DEPTH_LIMIT = 64;

    /** The type of a tree of links by name; its records are a hash and an id. */
    private static final int LINK_NAMES = 5;

    private final Map<String, Hdf5Node> opened = new HashMap<>();
    private @Nullable Map<String, Long> links;

    Hdf5Group(Hdf5File file, ObjectHeader header, String path) {
        super(file, header, path);
    }

    /**
     * Names of the children.
     *
     * @throws dev.rekur.error.ModelFormatException if one of them is a soft or an external link, wherever it leads
     */
    public List<String> names() {
        return List.copyOf(links().keySet());
    }

    public boolean has(String name) {
        return links().containsKey(name);
    }

    /** The group at a path below this one; empty if there is nothing. */
    public Optional<Hdf5Group> group(String path) {
        Optional<Hdf5Node> node = node(path);
        if (node.isPresent() && !(node.get() instanceof Hdf5Group)) {
            throw file.bytes().broken(node.get().place(), "a dataset where a group is expected");
        }
        return node.map(Hdf5Group.class::cast);
    }

    /** The dataset at a path below this group; empty if there is nothing. */
    public Optional<Hdf5Dataset> dataset(String path) {
        Optional<Hdf5Node> node = node(path);
        if (node.isPresent() && !(node.get() instanceof Hdf5Dataset)) {
            throw file.bytes().broken(node.get().place(), "a group where a dataset is expected");
        }
        return node.map(Hdf5Dataset.class::cast);
    }

    /** The group or dataset at a path below this group; as in HDF5, several slashes in a row count as one. */
    public Optional<Hdf5Node> node(String path) {
        Hdf5Node current = this;
        int depth = 0;
        for (int from = 0; from < path.length(); from++) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (to == from) {
                continue;
            }
            if (++depth > DEPTH_LIMIT) {
                throw file.bytes().broken(place(), "a path of more than " + DEPTH_LIMIT + " levels");
            }
            Optional<Hdf5Node> child =
                    current instanceof Hdf5Group group ? group.child(path.substring(from, to)) : Optional.empty();
            if (child.isEmpty()) {
                return child;
            }
            current = child.get();
            from = to;
        }
        return Optional.of(current);
    }

    private Optional<Hdf5Node> child(String name) {
        Hdf5Node known = opened.get(name);
        if (known == null) {
            Long address = links().get(name);
            if (address == null) {
                return Optional.empty();
            }
            String childPath = path().isEmpty() ? name : path() + "/" + name;
            ObjectHeader childHeader = ObjectHeader.read(file.bytes(), address, "'" + childPath + "'");
            known = childHeader.has(ObjectHeader.DATASPACE) || childHeader.has(ObjectHeader.LAYOUT)
                    ? new Hdf5Dataset(file, childHeader, childPath)
                    : new Hdf5Group(file, childHeader, childPath);
            opened.put(name, known);
        }
        return Optional.of(known);
    }

    /** Address of a child, to tell whether two paths lead to one object. */
    long address(String name) {
        Long address = links().get(name);
        return address == null ? Hdf5Bytes.UNDEFINED : address;
    }

    private Map<String, Long> links() {
        Map<String, Long> read = links;
        if (read == null) {
            read = new LinkedHashMap<>();
            ObjectHeader.Message table = header.find(ObjectHeader.SYMBOL_TABLE);
            if (table != null) {
                new SymbolTable(file.bytes(), place()).read(table.at(), read);
            } else {
                readLinks(read);
            }
            links = read;
        }
        return read;
    }

    private void readLinks(Map<String, Long> found) {
        Hdf5Bytes bytes = file.bytes();
        ObjectHeader.Message info = header.find(ObjectHeader.LINK_INFO);
        if (info != null) {
            int flags = bytes.u8(info.at() + 1);
            long heapAt = info.at() + ((flags & 1) != 0 ? 10 : 2);
            if (bytes.address(heapAt) != Hdf5Bytes.UNDEFINED) {
                readManyLinks(bytes, heapAt, found);
            }
        }
        for (ObjectHeader.Message message : header.all(ObjectHeader.LINK)) {
            readLink(bytes, message.at(), message.size(), found);
        }
    }

    /** Links that are too many for the header lie in a heap, and a tree has their ids; by name, for they have no order there. */
    private void readManyLinks(Hdf5Bytes bytes, long heapAt, Map<String, Long> found) {
        FractalHeap heap = new FractalHeap(bytes, bytes.address(heapAt), place());
        Map<String, Long> sorted = new TreeMap<>();
        new RecordTree(bytes, place()).read(bytes.address(heapAt + bytes.offsetSize()), LINK_NAMES, 5, at -> {
            FractalHeap.Range link = heap.object(at + 4);
            readLink(bytes, link.at(), link.size(), sorted);
        });
        found.putAll(sorted);
    }

    /** Section IV.A.2.g of the specification. */
    private void readLink(Hdf5Bytes bytes, long linkAt, long size, Map<String, Long> found) {
        long at = linkAt;
        long end = at + size;
        int flags = bytes.u8(at + 1);
        at += 2;
        int type = 0;
        if ((flags & 8) != 0) {
            type = bytes.u8(at++);
        }
        at += ((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0);
        int width = 1 << (flags & 3);
        long length = bytes.unsigned(at, width);
        at += width;
        if (length < 1 || length > end - at) {
            throw bytes.broken(place(), "a link whose name is longer than its message");
        }
        String name = bytes.text(at, length);
        at += length;
        if (type != 0) {
            throw bytes.refused(
                    place(),
                    (type == 1 ? "a soft" : type == 64 ? "an external" : "a user-defined") + " link (" + name + ")");
        }
        if (at + bytes.offsetSize() > end) {
            throw bytes.broken(place(), "link '" + name + "' is cut off");
        }
        SymbolTable.add(bytes, place(), found, name, bytes.address(at));
    }
}
