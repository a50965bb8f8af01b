package dev.rekur.format.hdf5;

import dev.rekur.format.hdf5.NewDataset.ElementType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What an object is, in messages: section IV.A.1.a of the specification, and the messages of IV.A.2. */
final class ObjectHeaderBlock extends Block {
    private static final int PREFIX = 16;
    private static final int MESSAGE_PREFIX = 8;
    private static final int MESSAGE_LIMIT = 0xFFFF;
    private static final int REFERENCE = 16;
    private static final long UNDEFINED = -1;

    /** Writes the body of a message or a part of it. */
    @FunctionalInterface
    private interface Body {
        void write(LittleEndianOutput out) throws IOException;
    }

    /** A part of a message and the bytes it takes, without padding. */
    private record Part(long size, Body body) {
        void writePadded(LittleEndianOutput out) throws IOException {
            body.write(out);
            out.zeros(padded(size) - size);
        }
    }

    private record Message(int type, Part content) {}

    private final List<Message> messages = new ArrayList<>();
    private long size = PREFIX;

    @Override
    long size() {
        return size;
    }

    @Override
    void write(LittleEndianOutput out) throws IOException {
        out.u16(1); // version
        out.u16(messages.size());
        out.u32(1); // links to it
        out.u64(size - PREFIX);
        for (Message message : messages) {
            out.u16(message.type());
            out.u16((int) padded(message.content().size()));
            out.u32(0);
            message.content().writePadded(out);
        }
    }

    /** Makes it the header of a group. */
    void symbolTable(GroupBlocks table) {
        add(ObjectHeader.SYMBOL_TABLE, 16, out -> {
            out.u64(table.treeAddress());
            out.u64(table.heapAddress());
        });
    }

    /** Makes it the header of a dataset whose elements are a block. */
    void dataset(NewDataset dataset, Block content) {
        add(ObjectHeader.DATASPACE, dataspace(dataset.extents()));
        add(ObjectHeader.DATATYPE, numbers(dataset.type()));
        add(ObjectHeader.FILL_VALUE, 8, out -> {
            out.u8(2); // version
            out.u8(2); // space is allocated when it is written
            out.u8(2); // a fill value is written if one was set
            out.u8(1); // it is defined,
            out.u32(0); // and is all zeros
        });
        add(ObjectHeader.LAYOUT, 18, out -> {
            out.u8(3);
            out.u8(1); // contiguous
            out.u64(content.size() == 0 ? UNDEFINED : content.address());
            out.u64(content.size());
        });
    }

    /** Adds an attribute; its texts go to the heaps. */
    void attribute(String name, NewAttribute attribute, TextHeaps heaps) {
        if (attribute instanceof NewAttribute.Numbers numbers) {
            NewDataset values = numbers.values();
            attribute(
                    name,
                    numbers(values.type()),
                    dataspace(values.extents()),
                    new Part(values.sizeBytes(), out -> values.content().write(out)));
        } else if (attribute instanceof NewAttribute.FixedTexts fixed) {
            int width = fixed.width();
            int count = fixed.texts().size();
            attribute(name, fixedTexts(width), dataspace(count), new Part((long) width * count, out -> {
                for (String text : fixed.texts()) {
                    byte[] bytes = NewGroup.utf8(text);
                    out.bytes(bytes);
                    out.zeros(width - bytes.length);
                }
            }));
        } else if (attribute instanceof NewAttribute.LongTexts longTexts) {
            List<TextHeaps.Reference> references = longTexts.texts().stream()
                    .map(text -> heaps.add(NewGroup.utf8(text)))
                    .toList();
            attribute(
                    name,
                    longTexts(longTexts.utf8()),
                    longTexts.scalar() ? dataspace() : dataspace(references.size()),
                    new Part((long) REFERENCE * references.size(), out -> writeReferences(out, references)));
        }
    }

    private static void writeReferences(LittleEndianOutput out, List<TextHeaps.Reference> references)
            throws IOException {
        for (TextHeaps.Reference text : references) {
            out.u32(text.length());
            out.u64(text.address());
            out.u32(text.index());
        }
    }

    private void attribute(String name, Part type, Part space, Part content) {
        byte[] label = NewGroup.utf8(name);
        Part labelPart = new Part(label.length + 1L, out -> {
            out.bytes(label);
            out.u8(0);
        });
        long length = 8 + padded(labelPart.size()) + padded(type.size()) + padded(space.size()) + content.size();
        if (padded(length) > MESSAGE_LIMIT) {
            throw new IllegalArgumentException("attribute '" + name + "' is of " + length + " bytes; HDF5 takes 64 kB");
        }
        add(ObjectHeader.ATTRIBUTE, length, out -> {
            out.u16(1); // version
            out.u16((int) labelPart.size());
            out.u16((int) type.size());
            out.u16((int) space.size());
            labelPart.writePadded(out);
            type.writePadded(out);
            space.writePadded(out);
            content.body().write(out);
        });
    }

    private void add(int type, long length, Body body) {
        add(type, new Part(length, body));
    }

    private void add(int type, Part content) {
        messages.add(new Message(type, content));
        size += MESSAGE_PREFIX + padded(content.size());
    }

    /** Section IV.A.2.b. */
    private static Part dataspace(long... extents) {
        return new Part(8 + 8L * extents.length, out -> {
            out.u8(1);
            out.u8(extents.length);
            out.zeros(6);
            for (long extent : extents) {
                out.u64(extent);
            }
        });
    }

    /** Section IV.A.2.d. */
    private static Part numbers(ElementType type) {
        if (type == ElementType.FLOAT32) {
            return new Part(20, out -> {
                out.u8(0x11);
                out.u8(0x20); // a leading one that is not stored
                out.u8(31); // where the sign is
                out.u8(0);
                out.u32(type.bytes());
                out.u16(0);
                out.u16(32);
                out.u8(23); // where the exponent is, and its bits
                out.u8(8);
                out.u8(0); // where the mantissa is, and its bits
                out.u8(23);
                out.u32(127);
            });
        }
        return new Part(12, out -> {
            out.u8(0x10);
            out.u8(type == ElementType.UINT8 ? 0 : 8); // whether signed
            out.u16(0);
            out.u32(type.bytes());
            out.u16(0);
            out.u16(8 * type.bytes());
        });
    }

    private static Part fixedTexts(int width) {
        return new Part(8, out -> {
            out.u8(0x13);
            out.u8(1); // padded with zeros
            out.u16(0);
            out.u32(width);
        });
    }

    private static Part longTexts(boolean utf8) {
        return new Part(20, out -> {
            out.u8(0x19);
            out.u8(1); // a text, which ends with a zero
            out.u8(utf8 ? 1 : 0);
            out.u8(0);
            out.u32(REFERENCE);
            out.u8(0x10); // of bytes
            out.zeros(3);
            out.u32(1);
            out.u16(0);
            out.u16(8);
        });
    }
}
