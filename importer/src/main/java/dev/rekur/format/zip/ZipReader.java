package dev.rekur.format.zip;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip archive held in memory, read by its central directory. Nothing is extracted; names that could mean a place
 * outside of the archive, duplicates, overlapping and encrypted entries are refused when it is opened, and bytes are
 * counted while they are inflated.
 *
 * <p>The JDK's own readers need a file ({@code ZipFile}) or trust local headers ({@code ZipInputStream}), and both would
 * copy stored entries, which in a model are the weights.
 *
 * <p>Format: PKWARE APPNOTE.TXT 6.3, sections 4.3 and 4.5.3.
 */
public final class ZipReader {
    /** Most bytes that the deflated entries of one archive may inflate to. */
    private static final long INFLATED_LIMIT = 256L << 20;

    /** An entry of more than this may not be more than {@link #RATIO_LIMIT} times its compressed size. */
    private static final long RATIO_FLOOR = 16L << 20;

    private static final long RATIO_LIMIT = 100;
    private static final int ENTRIES_LIMIT = 10_000;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int END = 0x06054b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final long IN_EXTRA_FIELD = 0xFFFFFFFFL;

    private final byte[] bytes;
    private final Function<String, RuntimeException> failure;
    private final Function<String, RuntimeException> unsupported;
    private final Map<String, ZipEntryView> entries = new LinkedHashMap<>();
    private long inflated;

    private ZipReader(
            byte[] bytes, Function<String, RuntimeException> failure, Function<String, RuntimeException> unsupported) {
        this.bytes = bytes;
        this.failure = failure;
        this.unsupported = unsupported;
    }

    /** True if the bytes begin as a zip archive does. */
    public static boolean recognizes(byte[] head, int length) {
        return length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    /**
     * Opens an archive.
     *
     * @param bytes the archive; must not be written to
     * @param failure makes the exception for a broken archive from what is wrong
     * @param unsupported makes the exception for what is right, but not read: other compression
     */
    public static ZipReader open(
            byte[] bytes, Function<String, RuntimeException> failure, Function<String, RuntimeException> unsupported) {
        ZipReader reader = new ZipReader(bytes, failure, unsupported);
        reader.readDirectory();
        return reader;
    }

    /** Names of all entries in the archive's order. */
    public List<String> names() {
        return new ArrayList<>(entries.keySet());
    }

    public boolean has(String name) {
        return entries.containsKey(name);
    }

    /** A part of an array; the content of an entry without a copy where it is stored as it is. */
    public record Content(byte[] array, int offset, int length) {
        /** The content as an array of its own. */
        public byte[] toArray() {
            return offset == 0 && length == array.length
                    ? array
                    : java.util.Arrays.copyOfRange(array, offset, offset + length);
        }
    }

    /** The content of an entry, its checksum verified. */
    public Content read(String name) {
        ZipEntryView entry = entries.get(name);
        if (entry == null) {
            throw failure.apply("no entry '" + name + "' in the archive");
        }
        if (entry.encrypted()) {
            throw failure.apply("entry '" + name + "' is encrypted, which Keras never does");
        }
        if (entry.method() != STORED && entry.method() != DEFLATED) {
            throw unsupported.apply("entry '" + name + "': compression " + methodName(entry.method())
                    + "; expected stored or deflated");
        }
        Content content = entry.method() == STORED
                ? new Content(bytes, entry.dataAt(), entry.size())
                : new Content(inflate(entry), 0, entry.size());
        CRC32 checksum = new CRC32();
        checksum.update(content.array(), content.offset(), content.length());
        if (checksum.getValue() != entry.crc()) {
            throw failure.apply("entry '" + name + "': checksum does not match, the archive is damaged");
        }
        return content;
    }

    private static String methodName(int method) {
        return switch (method) {
            case 12 -> "BZIP2";
            case 14 -> "LZMA";
            case 93 -> "Zstandard";
            default -> "method " + method;
        };
    }

    private byte[] inflate(ZipEntryView entry) {
        if (entry.size() > RATIO_FLOOR && entry.size() / RATIO_LIMIT > entry.compressedSize()) {
            throw failure.apply("entry '" + entry.name() + "': " + entry.compressedSize() + " bytes that inflate to "
                    + entry.size() + " are taken for a decompression bomb");
        }
        inflated += entry.size();
        if (inflated > INFLATED_LIMIT) {
            throw failure.apply("inflates to more than " + (INFLATED_LIMIT >> 20) + " MiB");
        }
        // deflate cannot shrink more than 1032 to 1, so a larger claim is false; checked before anything is allocated
        if (entry.size() > 1040L * entry.compressedSize() + 1024) {
            throw failure.apply("entry '" + entry.name() + "': " + entry.compressedSize() + " bytes cannot inflate to "
                    + entry.size());
        }
        byte[] content = new byte[entry.size()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes, entry.dataAt(), entry.compressedSize());
            int filled = 0;
            while (filled < content.length) {
                int count = inflater.inflate(content, filled, content.length - filled);
                if (count == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                    throw failure.apply(
                            "entry '" + entry.name() + "': ends after " + filled + " of " + content.length + " bytes");
                }
                filled += count;
            }
            if (!inflater.finished() && inflater.inflate(new byte[1]) != 0) {
                throw failure.apply("entry '" + entry.name() + "': inflates to more than the declared " + content.length
                        + " bytes");
            }
        } catch (DataFormatException broken) {
            throw failure.apply("entry '" + entry.name() + "': damaged deflate data");
        } finally {
            inflater.end();
        }
        return content;
    }

    private void readDirectory() {
        int end = findEnd();
        int count = u16(end + 10);
        long size = u32(end + 12);
        long at = u32(end + 16);
        // Python writes zip64 end records only beyond 65,535 entries or 4 GiB, and both are out of bounds here
        if (u16(end + 4) != 0 || u16(end + 6) != 0 || count != u16(end + 8)) {
            throw failure.apply("archives in several parts are not read");
        }
        if (count > ENTRIES_LIMIT) {
            throw failure.apply("more than " + ENTRIES_LIMIT + " entries");
        }
        if (at + size > end) {
            throw failure.apply("the directory of the archive lies outside of it");
        }
        int position = (int) at;
        List<ZipEntryView> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            require(position, 46, "directory");
            if (i32(position) != CENTRAL) {
                throw failure.apply("the directory of the archive is damaged");
            }
            int nameLength = u16(position + 28);
            int extraLength = u16(position + 30);
            int commentLength = u16(position + 32);
            require(position + 46, nameLength + extraLength + commentLength, "directory");
            ZipEntryView entry = readEntry(position, nameLength, extraLength);
            if (entry != null) {
                if (entries.putIfAbsent(entry.name(), entry) != null) {
                    throw failure.apply("entry '" + entry.name() + "' is there twice");
                }
                found.add(entry);
            }
            position += 46 + nameLength + extraLength + commentLength;
        }
        requireDisjoint(found, (int) at);
    }

    private int findEnd() {
        int lowest = Math.max(0, bytes.length - 22 - 0xFFFF);
        for (int at = bytes.length - 22; at >= lowest; at--) {
            if (i32(at) == END && at + 22 + u16(at + 20) == bytes.length) {
                return at;
            }
        }
        throw failure.apply("the end of the archive is missing; the file may be incomplete");
    }

    /** The entry, or null for a directory. */
    private @org.jspecify.annotations.Nullable ZipEntryView readEntry(int at, int nameLength, int extraLength) {
        String name = name(at + 46, nameLength);
        int flags = u16(at + 8);
        int method = u16(at + 10);
        long[] sizes = {u32(at + 24), u32(at + 20), u32(at + 42)}; // in the order of the zip64 field
        readZip64(at + 46 + nameLength, extraLength, sizes);
        if (name.endsWith("/")) {
            requireInside(name.substring(0, name.length() - 1));
            return null;
        }
        requireInside(name);
        if (sizes[0] > Integer.MAX_VALUE - 16 || sizes[1] > bytes.length || sizes[2] > bytes.length) {
            throw failure.apply("entry '" + name + "' is larger than the archive or than 2 GiB");
        }
        if (method == STORED && sizes[0] != sizes[1]) {
            throw failure.apply("entry '" + name + "': stored, but with two different sizes");
        }
        int local = (int) sizes[2];
        require(local, 30, name);
        if (i32(local) != LOCAL || u16(local + 26) != nameLength || u16(local + 8) != method) {
            throw failure.apply("entry '" + name + "': its header contradicts the directory");
        }
        require(local + 30, nameLength, name);
        for (int i = 0; i < nameLength; i++) {
            if (bytes[local + 30 + i] != bytes[at + 46 + i]) {
                throw failure.apply("entry '" + name + "': its header contradicts the directory");
            }
        }
        int dataAt = local + 30 + nameLength + u16(local + 28);
        require(dataAt, (int) sizes[1], name);
        return new ZipEntryView(name, method, (flags & 1) != 0, u32(at + 16), (int) sizes[1], (int) sizes[0], dataAt);
    }

    private void readZip64(int at, int length, long[] sizes) {
        int end = at + length;
        while (at + 4 <= end) {
            int id = u16(at);
            int size = u16(at + 2);
            at += 4;
            if (id == 1) {
                int value = at;
                for (int i = 0; i < sizes.length; i++) {
                    if (sizes[i] == IN_EXTRA_FIELD) {
                        if (value + 8 > Math.min(end, at + size)) {
                            throw failure.apply("the directory of the archive is damaged");
                        }
                        sizes[i] = u32(value + 4) != 0 ? Long.MAX_VALUE : u32(value);
                        value += 8;
                    }
                }
            }
            at += size;
        }
    }

    private String name(int at, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw failure.apply("an entry's name is not UTF-8");
        }
    }

    private void requireInside(String name) {
        boolean escapes = name.isEmpty()
                || name.indexOf('\\') >= 0
                || name.length() > 1 && name.charAt(1) == ':' // a drive of Windows
                || name.indexOf('\0') >= 0
                || name.charAt(0) == '/'
                || ("/" + name + "/").contains("/../")
                || ("/" + name + "/").contains("/./")
                || name.contains("//");
        if (escapes) {
            throw failure.apply("an entry's name leads out of the archive: '" + name + "'");
        }
    }

    /** Entries that share bytes inflate to many times the size of the archive. */
    private void requireDisjoint(List<ZipEntryView> found, int directoryAt) {
        found.sort(java.util.Comparator.comparingInt(ZipEntryView::dataAt));
        int free = 0;
        for (ZipEntryView entry : found) {
            if (entry.dataAt() < free || entry.dataAt() + (long) entry.compressedSize() > directoryAt) {
                throw failure.apply("entry '" + entry.name() + "' shares its bytes with something else");
            }
            free = entry.dataAt() + entry.compressedSize();
        }
    }

    private void require(int at, int length, String what) {
        if (at < 0 || length < 0 || at > bytes.length - length) {
            throw failure.apply("'" + what + "' reaches beyond the end of the archive; the file may be incomplete");
        }
    }

    private int u16(int at) {
        return (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
    }

    private int i32(int at) {
        return u16(at) | u16(at + 2) << 16;
    }

    private long u32(int at) {
        return i32(at) & 0xFFFFFFFFL;
    }
}
