package dev.rekur.format.hdf5;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages that describe a group or a dataset; section IV.A of the specification, versions 1 and 2.
 */
final class ObjectHeader {
    static final int DATASPACE = 0x01;
    static final int LINK_INFO = 0x02;
    static final int DATATYPE = 0x03;
    static final int FILL_VALUE = 0x05;
    static final int LINK = 0x06;
    static final int EXTERNAL_FILES = 0x07;
    static final int LAYOUT = 0x08;
    static final int FILTERS = 0x0B;
    static final int ATTRIBUTE = 0x0C;
    static final int SYMBOL_TABLE = 0x11;
    static final int ATTRIBUTE_INFO = 0x15;
    private static final int CONTINUATION = 0x10;
    private static final int MESSAGES_LIMIT = 100_000;
    private static final int BLOCKS_LIMIT = 10_000;

    /** A message: its type, and where its content is. */
    record Message(int type, long at, int size) {}

    /** A range of the file that messages fill. */
    private record Block(long at, long size) {}

    private final List<Message> messages = new ArrayList<>();
    private final List<Block> blocks = new ArrayList<>(); // grows while it is walked
    private final Set<Long> queued = new HashSet<>();
    private int messagesSeen;

    private ObjectHeader() {}

    static ObjectHeader read(Hdf5Bytes bytes, long address, String place) {
        bytes.countObject(place);
        ObjectHeader header = new ObjectHeader();
        if (bytes.u8(address) == 1) {
            header.readVersion1(bytes, address, place);
        } else if (bytes.signature(address, "OHDR")) {
            header.readVersion2(bytes, address, place);
        } else {
            throw bytes.broken(place, "no object where one was promised");
        }
        return header;
    }

    List<Message> all(int type) {
        List<Message> found = new ArrayList<>();
        for (Message message : messages) {
            if (message.type() == type) {
                found.add(message);
            }
        }
        return found;
    }

    /** The message of a type that an object has at most once. */
    @Nullable
    Message find(int type) {
        for (Message message : messages) {
            if (message.type() == type) {
                return message;
            }
        }
        return null;
    }

    boolean has(int type) {
        return find(type) != null;
    }

    private void readVersion1(Hdf5Bytes bytes, long address, String place) {
        int count = bytes.u16(address + 2);
        queue(bytes, address + 16, bytes.u32(address + 8), place);
        for (int i = 0; i < blocks.size(); i++) {
            long at = blocks.get(i).at();
            long end = at + blocks.get(i).size();
            while (at + 8 <= end && count > 0) {
                count--;
                int size = bytes.u16(at + 2);
                add(bytes, bytes.u16(at), at + 8, size, bytes.u8(at + 4), end, place);
                at += 8 + size;
            }
        }
    }

    private void readVersion2(Hdf5Bytes bytes, long address, String place) {
        int flags = bytes.u8(address + 5);
        if (bytes.u8(address + 4) != 2) {
            throw bytes.unsupported(place, "version " + bytes.u8(address + 4) + " of an object header");
        }
        long at = address + 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        int width = 1 << (flags & 3);
        long size = bytes.unsigned(at, width);
        int prefix = (flags & 4) != 0 ? 6 : 4;
        queue(bytes, at + width, size, place);
        for (int i = 0; i < blocks.size(); i++) {
            at = blocks.get(i).at();
            size = blocks.get(i).size();
            if (i > 0) {
                if (size < 8 || !bytes.signature(at, "OCHK")) {
                    throw bytes.broken(place, "an object header whose continuation is missing");
                }
                at += 4;
                size -= 8; // signature and checksum
            }
            long end = at + size;
            while (at + prefix <= end) {
                int length = bytes.u16(at + 1);
                add(bytes, bytes.u8(at), at + prefix, length, bytes.u8(at + 3), end, place);
                at += prefix + length;
            }
        }
    }

    private void add(Hdf5Bytes bytes, int type, long at, int size, int flags, long end, String place) {
        if (at + size > end) {
            throw bytes.broken(place, "a message that is longer than its object header");
        }
        if (++messagesSeen > MESSAGES_LIMIT) {
            throw bytes.broken(place, "more than " + MESSAGES_LIMIT + " messages");
        }
        if (type == CONTINUATION) {
            queue(bytes, bytes.address(at), bytes.size(at + bytes.offsetSize()), place);
            return;
        }
        boolean shared = (flags & 2) != 0;
        if (shared && (type == DATATYPE || type == DATASPACE || type == ATTRIBUTE || type == FILTERS)) {
            throw bytes.unsupported(place, "a shared HDF5 message");
        }
        messages.add(new Message(type, at, size));
    }

    /** Everything is checked here, not when the block's turn comes: blocks that overlap queue each other many times. */
    private void queue(Hdf5Bytes bytes, long at, long size, String place) {
        bytes.check(at, size);
        if (!queued.add(at)) {
            throw bytes.broken(place, "an object header that continues in itself");
        }
        if (blocks.size() == BLOCKS_LIMIT) {
            throw bytes.broken(place, "an object header in more than " + BLOCKS_LIMIT + " parts");
        }
        bytes.chargeHeader(size, place);
        blocks.add(new Block(at, size));
    }
}
