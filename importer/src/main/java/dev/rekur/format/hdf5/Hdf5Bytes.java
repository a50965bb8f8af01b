package dev.rekur.format.hdf5;

import dev.rekur.error.ModelFormatException;
import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The bytes of a file and the limits that hold for reading them. Every access is checked against the file's end, and
 * everything decoded is charged to one budget, so that no combination of small lies adds up.
 */
final class Hdf5Bytes {
    /** An address that leads nowhere. */
    static final long UNDEFINED = -1;

    private static final int OBJECTS_LIMIT = 1_000_000;

    /** Decompressed bytes that need no explanation. */
    private static final long INFLATED_FLOOR = 16L << 20;

    private static final long INFLATED_RATIO = 100;

    /** Bytes of object headers that need no explanation. */
    private static final long HEADERS_FLOOR = 1L << 20;

    private final String name;
    private final byte[] array;
    private final int start;
    private final int length;
    private final ByteBuffer buffer;
    private int offsetSize = 8;
    private int lengthSize = 8;
    private int objects;
    private long headers;
    private long copied;
    private long decoded;
    private long inflated;

    Hdf5Bytes(String name, byte[] array, int start, int length) {
        this.name = name;
        this.array = array;
        this.start = start;
        this.length = length;
        this.buffer = ByteBuffer.wrap(array, start, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    void setSizes(int offsets, int lengths) {
        offsetSize = offsets;
        lengthSize = lengths;
    }

    int length() {
        return length;
    }

    int offsetSize() {
        return offsetSize;
    }

    int lengthSize() {
        return lengthSize;
    }

    /** The file's name, for messages. */
    String name() {
        return name;
    }

    /** The array that holds the file; address 0 is at {@link #start}. */
    byte[] array() {
        return array;
    }

    int start() {
        return start;
    }

    int u8(long at) {
        return buffer.get(check(at, 1)) & 0xFF;
    }

    int u16(long at) {
        return buffer.getShort(check(at, 2)) & 0xFFFF;
    }

    long u32(long at) {
        return buffer.getInt(check(at, 4)) & 0xFFFFFFFFL;
    }

    /** An unsigned number of 1, 2, 4 or 8 bytes; one of 8 that does not fit a long ends up negative. */
    long unsigned(long at, int size) {
        return switch (size) {
            case 1 -> u8(at);
            case 2 -> u16(at);
            case 4 -> u32(at);
            default -> buffer.getLong(check(at, 8));
        };
    }

    /** An unsigned number of up to 8 bytes; one of 8 that does not fit a long ends up negative. */
    long number(long at, int width) {
        long number = 0;
        for (int i = width - 1; i >= 0; i--) {
            number = number << 8 | u8(at + i);
        }
        return number;
    }

    /** An address, or {@link #UNDEFINED}. */
    long address(long at) {
        long address = unsigned(at, offsetSize);
        long undefined = offsetSize == 8 ? -1L : (1L << 8 * offsetSize) - 1;
        return address == undefined ? UNDEFINED : address;
    }

    /** A length in the file's own width. */
    long size(long at) {
        return unsigned(at, lengthSize);
    }

    /** True if the four bytes at an address are these letters. */
    boolean signature(long at, String letters) {
        int position = check(at, 4);
        for (int i = 0; i < 4; i++) {
            if (buffer.get(position + i) != letters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The text from an address up to the next zero. */
    String textUntilZero(long at, long end, String place) {
        int from = check(at, 1);
        int limit = (int) Math.min(end, length);
        int to = from;
        while (to < limit && buffer.get(to) != 0) {
            to++;
        }
        if (to == limit) {
            throw broken(place, "a name without an end");
        }
        return text(from, to - from);
    }

    String text(long at, long size) {
        int from = check(at, size);
        charge(size);
        return new String(array, start + from, (int) size, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** A view of a range, little-endian, position 0. */
    ByteBuffer view(long at, long size) {
        return ByteBuffer.wrap(array, start + check(at, size), (int) size)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The address as an index, once the range is known to lie in the file. */
    int check(long at, long size) {
        if (at < 0 || size < 0 || at > length - size) {
            throw new ModelFormatException(
                    name,
                    "the HDF5 data points beyond the end of the file (" + size + " bytes at " + at + ", of " + length
                            + ")",
                    "It is truncated or damaged; copy it again.",
                    "docs/TROUBLESHOOTING.md#damaged-file");
        }
        return (int) at;
    }

    /** Counts an object that was visited. */
    void countObject(String place) {
        if (++objects > OBJECTS_LIMIT) {
            throw broken(place, "more than " + OBJECTS_LIMIT + " objects");
        }
    }

    /** Charges bytes that were taken from the file as they are; honest files hold nothing twice. */
    void charge(long bytes) {
        copied += bytes;
        if (copied > 4L * length + INFLATED_FLOOR) {
            throw broken("", "its parts overlap, so that they amount to more than the file");
        }
    }

    /** Charges a block of an object header, before it is read; honest files have each once, or once for each hard link. */
    void chargeHeader(long size, String place) {
        headers += size;
        if (headers > 2L * length + HEADERS_FLOOR) {
            throw broken(place, "object headers that overlap, so that they amount to more than the file");
        }
    }

    /** Charges the decoded size of a chunked dataset, before it is allocated. */
    void chargeChunked(long size, String place) {
        decoded += size;
        requirePlausible(decoded, place);
    }

    /**
     * Charges what a chunk inflates to, before it is allocated. That is another sum than the one of the datasets, because
     * datasets may share chunks, and chunks may be larger than their dataset.
     */
    void chargeInflated(long size, String place) {
        inflated += size;
        requirePlausible(inflated, place);
    }

    private void requirePlausible(long sum, String place) {
        if (sum > INFLATED_FLOOR && sum / INFLATED_RATIO > length) {
            throw broken(place, sum + " bytes out of a file of " + length + " are taken for a decompression bomb");
        }
    }

    /** Deflate cannot shrink more than 1032 to 1; what claims more is refused before it is allocated. */
    void checkInflated(long stored, long size, String place) {
        if (size > 1040L * stored + 1024) {
            throw broken(place, stored + " bytes cannot inflate to " + size);
        }
    }

    ModelFormatException broken(String place, String what) {
        return new ModelFormatException(
                name + (place.isEmpty() ? "" : ", " + place),
                "damaged HDF5 data, " + what,
                "Copy the file again or save the model again.",
                "docs/TROUBLESHOOTING.md#damaged-file");
    }

    ModelFormatException refused(String place, String what) {
        return new ModelFormatException(
                name + ", " + place,
                what + " is refused, because it can lead out of the file",
                "Save the model again with Keras, which never writes such.",
                "docs/TROUBLESHOOTING.md#hdf5-links");
    }

    UnsupportedModelException unsupported(String place, String what) {
        return new UnsupportedModelException(
                name,
                List.of(new Problem(
                        place,
                        what + " is not supported",
                        "Load the model in Keras and save it again: Keras writes plain HDF5",
                        "docs/TROUBLESHOOTING.md#hdf5-features")));
    }
}
