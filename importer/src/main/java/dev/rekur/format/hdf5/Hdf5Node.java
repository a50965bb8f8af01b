package dev.rekur.format.hdf5;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A group or a dataset, with its attributes. */
public abstract sealed class Hdf5Node permits Hdf5Group, Hdf5Dataset {
    /** The type of a tree of attributes by name; its records are an id of 8 bytes, flags, and what is not read. */
    private static final int ATTRIBUTE_NAMES = 8;

    final Hdf5File file;
    final ObjectHeader header;
    private final String path;
    private @Nullable Map<String, Attribute> attributes;

    /** An attribute: what it is made of and where its elements lie. */
    private record Attribute(Datatype type, Dataspace space, long dataAt, long room) {}

    Hdf5Node(Hdf5File file, ObjectHeader header, String path) {
        this.file = file;
        this.header = header;
        this.path = path;
    }

    /** Path in the file without a leading slash; empty for the root. */
    public String path() {
        return path;
    }

    /** What to call it in a message. */
    String place() {
        return path.isEmpty() ? "root group" : "'" + path + "'";
    }

    public boolean hasAttribute(String name) {
        return attributes().containsKey(name);
    }

    /** Names of the attributes, in the file's order. */
    public List<String> attributeNames() {
        return List.copyOf(attributes().keySet());
    }

    /** A text attribute; empty if there is none of that name, or if it is no single text. */
    public Optional<String> text(String name) {
        List<String> texts = texts(name).orElse(List.of());
        return texts.size() == 1 ? Optional.of(texts.get(0)) : Optional.empty();
    }

    /**
     * An attribute that is a text or a list of texts, fixed or variable in length; empty if there is none of that name.
     * A list of no elements has no type worth the name, and is a list of no texts.
     */
    public Optional<List<String>> texts(String name) {
        Attribute attribute = attributes().get(name);
        if (attribute == null) {
            return Optional.empty();
        }
        Hdf5Bytes bytes = file.bytes();
        String where = place() + ", attribute '" + name + "'";
        long count = attribute.space().count();
        if (count == 0) {
            return Optional.of(List.of());
        }
        if (!attribute.type().isText()) {
            throw bytes.broken(where, "expected text, found " + attribute.type());
        }
        int size = attribute.type().size();
        if (size == 0 || count > attribute.room() / size) {
            throw bytes.broken(where, "more elements than it has bytes");
        }
        if (attribute.type().kind() == Datatype.Kind.LONG_TEXT && size < 8 + bytes.offsetSize()) {
            throw bytes.broken(where, "references of " + size + " bytes");
        }
        List<String> texts = new ArrayList<>((int) count);
        for (int i = 0; i < count; i++) {
            long at = attribute.dataAt() + (long) i * size;
            texts.add(
                    attribute.type().kind() == Datatype.Kind.LONG_TEXT
                            ? file.heap().text(at, where)
                            : bytes.text(at, lengthOf(at, size, attribute.type().kind())));
        }
        return Optional.of(texts);
    }

    /** Length of a padded text, without the zeros or blanks at its end. */
    private long lengthOf(long at, int size, Datatype.Kind kind) {
        int padding = kind == Datatype.Kind.SPACED_TEXT ? ' ' : 0;
        int length = size;
        while (length > 0 && file.bytes().u8(at + length - 1) == padding) {
            length--;
        }
        return length;
    }

    private Map<String, Attribute> attributes() {
        Map<String, Attribute> read = attributes;
        if (read == null) {
            read = readAttributes();
            attributes = read;
        }
        return read;
    }

    private Map<String, Attribute> readAttributes() {
        Hdf5Bytes bytes = file.bytes();
        Map<String, Attribute> found = new LinkedHashMap<>();
        ObjectHeader.Message info = header.find(ObjectHeader.ATTRIBUTE_INFO);
        if (info != null) {
            int flags = bytes.u8(info.at() + 1);
            long heapAt = info.at() + ((flags & 1) != 0 ? 4 : 2);
            if (bytes.address(heapAt) != Hdf5Bytes.UNDEFINED) {
                readManyAttributes(bytes, heapAt, found);
            }
        }
        for (ObjectHeader.Message message : header.all(ObjectHeader.ATTRIBUTE)) {
            readAttribute(bytes, message.at(), message.size(), found);
        }
        return found;
    }

    /** Attributes that are too many or too large for the header lie in a heap, and a tree has their ids. */
    private void readManyAttributes(Hdf5Bytes bytes, long heapAt, Map<String, Attribute> found) {
        FractalHeap heap = new FractalHeap(bytes, bytes.address(heapAt), place());
        new RecordTree(bytes, place()).read(bytes.address(heapAt + bytes.offsetSize()), ATTRIBUTE_NAMES, 9, at -> {
            if ((bytes.u8(at + 8) & 2) != 0) {
                throw bytes.unsupported(place(), "a shared HDF5 message");
            }
            FractalHeap.Range attribute = heap.object(at);
            readAttribute(bytes, attribute.at(), attribute.size(), found);
        });
    }

    /** Section IV.A.2.m of the specification. */
    private void readAttribute(Hdf5Bytes bytes, long at, long size, Map<String, Attribute> found) {
        int version = bytes.u8(at);
        if (version < 1 || version > 3) {
            throw bytes.unsupported(place(), "version " + version + " of an attribute");
        }
        if (version > 1 && (bytes.u8(at + 1) & 3) != 0) {
            throw bytes.unsupported(place(), "a shared HDF5 message");
        }
        int nameSize = bytes.u16(at + 2);
        int typeSize = bytes.u16(at + 4);
        int spaceSize = bytes.u16(at + 6);
        int unit = version == 1 ? 8 : 1; // version 1 pads each part
        long nameAt = at + (version == 3 ? 9 : 8);
        long typeAt = nameAt + padded(nameSize, unit);
        long spaceAt = typeAt + padded(typeSize, unit);
        long dataAt = spaceAt + padded(spaceSize, unit);
        long room = at + size - dataAt;
        if (room < 0) {
            throw bytes.broken(place(), "an attribute that is longer than its message");
        }
        String name = bytes.textUntilZero(nameAt, typeAt, place());
        Datatype type = Datatype.read(bytes, typeAt, typeSize, place());
        Dataspace space = Dataspace.read(bytes, spaceAt, spaceSize, place());
        if (found.put(name, new Attribute(type, space, dataAt, room)) != null) {
            throw bytes.broken(place(), "attribute '" + name + "' is there twice");
        }
    }

    private static long padded(int size, int unit) {
        return (size + unit - 1L) / unit * unit;
    }
}
