package dev.rekur.format.hdf5;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What was done to chunks before they were stored: shuffling, deflating, Fletcher's checksum; section IV.A.2.l of the
 * specification.
 *
 * @param ids filters in the order of writing
 * @param elementSizes for each, the element size that shuffling used
 */
record Filters(List<Integer> ids, List<Integer> elementSizes) {
    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER = 3;

    static Filters read(Hdf5Bytes bytes, ObjectHeader header, String place) {
        List<Integer> ids = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        ObjectHeader.Message message = header.find(ObjectHeader.FILTERS);
        if (message == null) {
            return new Filters(ids, sizes);
        }
        long end = message.at() + message.size();
        int version = bytes.u8(message.at());
        int count = bytes.u8(message.at() + 1);
        long at = message.at() + (version == 1 ? 8 : 2);
        for (int i = 0; i < count; i++) {
            int id = bytes.u16(at);
            at += 2;
            int nameLength = 0;
            if (version == 1 || id >= 256) {
                nameLength = bytes.u16(at);
                at += 2;
            }
            int values = bytes.u16(at + 2);
            at += 4 + (version == 1 ? (nameLength + 7L) / 8 * 8 : nameLength);
            if (id != DEFLATE && id != SHUFFLE && id != FLETCHER) {
                String name = id == 32000 ? " (lzf)" : id == 4 ? " (szip)" : "";
                throw bytes.unsupported(place, "compression filter " + id + name);
            }
            if (ids.contains(id)) {
                throw bytes.unsupported(place, "compression filter " + id + " applied twice");
            }
            ids.add(id);
            sizes.add(id == SHUFFLE && values > 0 ? (int) bytes.u32(at) : 1);
            at += 4L * values + (version == 1 && values % 2 == 1 ? 4 : 0);
            if (at > end) {
                throw bytes.broken(place, "filters that are longer than their message");
            }
        }
        return new Filters(ids, sizes);
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    /** Undoes the filters of a chunk, into exactly {@code size} bytes. */
    byte[] undo(Hdf5Bytes bytes, long at, int stored, int mask, int size, String place) {
        byte[] chunk = bytes.array(); // the file itself, as long as nothing has to be copied
        int from = bytes.start() + bytes.check(at, stored);
        int length = stored;
        boolean inflated = false;
        for (int i = ids.size() - 1; i >= 0; i--) {
            if ((mask & 1 << i) != 0) {
                continue; // this chunk was stored without the filter
            }
            switch (ids.get(i)) {
                case DEFLATE -> {
                    inflated = true;
                    int sizeBefore = size + 4 * checksumsBefore(i, mask);
                    chunk = inflate(bytes, chunk, from, length, sizeBefore, place);
                    from = 0;
                    length = sizeBefore;
                }
                case SHUFFLE -> {
                    bytes.charge(inflated ? 0 : length);
                    chunk = unshuffle(chunk, from, length, elementSizes.get(i));
                    from = 0;
                }
                default -> {
                    length -= 4;
                    if (length < 0 || !isIntact(chunk, from, length)) {
                        throw bytes.broken(place, "a chunk whose checksum does not match");
                    }
                }
            }
        }
        if (length != size) {
            throw bytes.broken(place, "a chunk of " + length + " bytes where " + size + " are expected");
        }
        bytes.charge(inflated ? 0 : length);
        return from == 0 && length == chunk.length ? chunk : Arrays.copyOfRange(chunk, from, from + length);
    }

    private int checksumsBefore(int filter, int mask) {
        int count = 0;
        for (int i = 0; i < filter; i++) {
            count += ids.get(i) == FLETCHER && (mask & 1 << i) == 0 ? 1 : 0;
        }
        return count;
    }

    /** Compares with the checksum behind the bytes; {@code H5_checksum_fletcher32} of the HDF5 library. */
    private static boolean isIntact(byte[] chunk, int from, int length) {
        long sum1 = 0;
        long sum2 = 0;
        for (int i = 0; i < length; i += 2) {
            int low = i + 1 < length ? chunk[from + i + 1] & 0xFF : 0;
            sum1 = (sum1 + ((chunk[from + i] & 0xFF) << 8 | low)) % 0xFFFF;
            sum2 = (sum2 + sum1) % 0xFFFF;
        }
        int at = from + length;
        long found1 = (chunk[at] & 0xFF) | (chunk[at + 1] & 0xFF) << 8;
        long found2 = (chunk[at + 2] & 0xFF) | (chunk[at + 3] & 0xFF) << 8;
        // 0xFFFF and 0 are one number in this arithmetic, and the library may write either
        return found1 % 0xFFFF == sum1 && found2 % 0xFFFF == sum2;
    }

    private static byte[] inflate(Hdf5Bytes bytes, byte[] from, int at, int stored, int size, String place) {
        bytes.checkInflated(stored, size, place);
        bytes.chargeInflated(size, place);
        byte[] chunk = new byte[size];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(from, at, stored);
            int filled = 0;
            while (filled < size) {
                int count = inflater.inflate(chunk, filled, size - filled);
                if (count == 0) {
                    throw bytes.broken(place, "a chunk that inflates to " + filled + " in place of " + size + " bytes");
                }
                filled += count;
            }
            if (inflater.inflate(new byte[1]) != 0) {
                throw bytes.broken(place, "a chunk that inflates to more than " + size + " bytes");
            }
        } catch (DataFormatException broken) {
            throw bytes.broken(place, "a chunk that cannot be inflated");
        } finally {
            inflater.end();
        }
        return chunk;
    }

    /** Shuffling stores first all first bytes of the elements, then all second bytes, and so on. */
    private static byte[] unshuffle(byte[] shuffled, int at, int length, int elementSize) {
        byte[] chunk = Arrays.copyOfRange(shuffled, at, at + length);
        if (elementSize <= 1) {
            return chunk;
        }
        int elements = length / elementSize; // a remainder is left as it is
        int from = at;
        for (int b = 0; b < elementSize; b++) {
            for (int i = 0; i < elements; i++) {
                chunk[i * elementSize + b] = shuffled[from++];
            }
        }
        return chunk;
    }
}
