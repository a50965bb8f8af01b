package dev.rekur.format.hdf5;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** Writes small HDF5 files that no library would, piece by piece; addresses are those of {@link #append}. */
public final class CraftedFile {
    /** Where the root group's header is to be put: right behind the superblock. */
    static final int ROOT = 48;

    private static final int CONTINUATION = 0x10;

    private final int rootSize;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private final List<byte[]> links = new ArrayList<>();

    /**
     * @param rootSize bytes of messages that the root group has room for
     */
    public CraftedFile(int rootSize) {
        this.rootSize = rootSize;
    }

    /** Address of what is appended next. */
    int end() {
        return ROOT + 10 + rootSize + rest.size();
    }

    /** Appends bytes and gives their address. */
    int append(byte[] bytes) {
        int at = end();
        rest.writeBytes(bytes);
        return at;
    }

    /** Gives the root group another child. */
    public CraftedFile link(String name, int address) {
        return root(linkMessage(name, address));
    }

    /** Appends a group with one child. */
    public int group(String name, int address) {
        return append(header(linkMessage(name, address)));
    }

    private static byte[] linkMessage(String name, int address) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return message(
                ObjectHeader.LINK,
                little(3 + text.length + 8)
                        .put((byte) 1)
                        .put((byte) 0)
                        .put((byte) text.length)
                        .put(text)
                        .putLong(address)
                        .array());
    }

    /** Gives the root group another message. */
    CraftedFile root(byte[] message) {
        links.add(message);
        return this;
    }

    /** Appends a dataset of float32 in one deflated chunk, whose tree has an address. */
    int chunked(long extent, int chunkExtent, int treeAt, int... filters) {
        ByteBuffer layout = little(3 + 8 + 8)
                .put((byte) 3)
                .put((byte) 2)
                .put((byte) 2)
                .putLong(treeAt)
                .putInt(chunkExtent)
                .putInt(4);
        ByteBuffer pipeline = little(2 + 6 * filters.length).put((byte) 2).put((byte) filters.length);
        for (int filter : filters) {
            pipeline.putShort((short) filter).putShort((short) 0).putShort((short) 0);
        }
        return append(header(join(
                floats(extent),
                message(ObjectHeader.LAYOUT, layout.array()),
                message(ObjectHeader.FILTERS, pipeline.array()))));
    }

    /**
     * Appends a dataset of float32 in chunks of one number, found by a fixed array in pages of two.
     *
     * @param pages which pages were written, a bit for each
     * @param values the numbers; the chunk of a zero has the address 0
     */
    int pagedArray(int pages, float... values) {
        int[] chunks = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            chunks[i] =
                    values[i] == 0 ? 0 : append(little(4).putFloat(values[i]).array());
        }
        int count = (values.length + 1) / 2;
        ByteBuffer block = little(6 + 8 + 1 + 4 + 8 * values.length + 4 * count)
                .put("FADB".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 0)
                .putLong(0)
                .put((byte) pages)
                .putInt(0);
        for (int i = 0; i < values.length; i++) {
            boolean written = (pages & 0x80 >> i / 2) != 0;
            block.putLong(written ? chunks[i] : 0);
            if (i % 2 == 1 || i == values.length - 1) {
                block.putInt(0);
            }
        }
        int blockAt = append(block.array());
        int headerAt = append(little(8 + 16 + 4)
                .put("FAHD".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {0, 0, 8, 1})
                .putLong(values.length)
                .putLong(blockAt)
                .putInt(0)
                .array());
        ByteBuffer layout = little(3 + 2 + 8 + 2 + 8)
                .put(new byte[] {4, 2, 0, 2, 4})
                .putInt(1)
                .putInt(4)
                .put(new byte[] {3, 1})
                .putLong(headerAt);
        return append(header(join(floats(values.length), message(ObjectHeader.LAYOUT, layout.array()))));
    }

    /** Appends a dataset of float32 that only says how large it is. */
    public int declared(long... extents) {
        ByteBuffer layout = little(18).put((byte) 3).put((byte) 1).putLong(-1).putLong(0);
        return append(header(join(floats(extents), message(ObjectHeader.LAYOUT, layout.array()))));
    }

    /** Appends a dataset of float32 zeros that lie one after the other. */
    public int contiguous(long... extents) {
        int size = 4;
        for (long extent : extents) {
            size *= (int) extent;
        }
        int at = append(new byte[size]);
        ByteBuffer layout = little(18).put((byte) 3).put((byte) 1).putLong(at).putLong(size);
        return append(header(join(floats(extents), message(ObjectHeader.LAYOUT, layout.array()))));
    }

    /** Appends a tree with the only chunk of a dataset of rank 1: zeros, deflated. */
    int deflatedZeros(int size) {
        Deflater deflater = new Deflater();
        deflater.setInput(new byte[size]);
        deflater.finish();
        byte[] buffer = new byte[size / 100 + 100];
        int stored = deflater.deflate(buffer);
        deflater.end();
        int chunkAt = append(java.util.Arrays.copyOf(buffer, stored));
        return append(little(8 + 16 + 24 + 8 + 24)
                .put("TREE".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) 1)
                .putLong(-1)
                .putLong(-1)
                .putInt(stored)
                .putInt(0)
                .putLong(0)
                .putLong(0)
                .putLong(chunkAt)
                .array());
    }

    public byte[] bytes() {
        byte[] root = header(join(links.toArray(byte[][]::new)));
        if (root.length > 10 + rootSize) {
            throw new IllegalStateException("the root group needs " + (root.length - 10) + " bytes");
        }
        ByteBuffer file = little(end());
        file.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n', 2, 8, 8, 0});
        file.putLong(0).putLong(-1).putLong(end()).putLong(ROOT).putInt(0);
        file.put(root).position(ROOT + 10 + rootSize);
        return file.put(rest.toByteArray()).array();
    }

    static byte[] continuation(long at, long size) {
        return message(CONTINUATION, little(16).putLong(at).putLong(size).array());
    }

    static byte[] message(int type, byte[] content) {
        return little(4 + content.length)
                .put((byte) type)
                .putShort((short) content.length)
                .put((byte) 0)
                .put(content)
                .array();
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Type and extents. */
    private static byte[] floats(long... extents) {
        ByteBuffer space = little(4 + 8 * extents.length)
                .put((byte) 2)
                .put((byte) extents.length)
                .put((byte) 0)
                .put((byte) 1);
        for (long extent : extents) {
            space.putLong(extent);
        }
        ByteBuffer type = little(20)
                .put(new byte[] {0x11, 0x20, 31, 0})
                .putInt(4)
                .putShort((short) 0)
                .putShort((short) 32)
                .put(new byte[] {23, 8, 0, 23})
                .putInt(127);
        return join(message(ObjectHeader.DATASPACE, space.array()), message(ObjectHeader.DATATYPE, type.array()));
    }

    private static byte[] header(byte[] messages) {
        return little(10 + messages.length)
                .put("OHDR".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 2)
                .put((byte) 2)
                .putInt(messages.length)
                .put(messages)
                .array();
    }
}
