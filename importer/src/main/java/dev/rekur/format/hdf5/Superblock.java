package dev.rekur.format.hdf5;

/**
 * The beginning of a file; section II.A of the specification.
 *
 * @param rootAddress address of the root group's object header
 */
record Superblock(long rootAddress) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1A, '\n'};

    private static final int FIRST_USER_BLOCK = 512;

    static boolean recognizes(byte[] bytes, int offset, int length) {
        return length >= SIGNATURE.length
                && java.util.Arrays.equals(bytes, offset, offset + SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** Where it may stand next: what comes before it belongs to whoever wrote the file. */
    static long next(long offset) {
        return offset == 0 ? FIRST_USER_BLOCK : 2 * offset;
    }

    /** Where it stands; -1 if it is nowhere. */
    static int find(byte[] bytes, int offset, int length) {
        for (long at = 0; at < length; at = next(at)) {
            if (recognizes(bytes, offset + (int) at, length - (int) at)) {
                return (int) at;
            }
        }
        return -1;
    }

    /**
     * Reads it, and tells the bytes how wide addresses and lengths are.
     *
     * @param userBlock bytes of the file that come before it; addresses do not count them
     */
    static Superblock read(Hdf5Bytes bytes, long userBlock) {
        if (!recognizes(bytes.array(), bytes.start(), bytes.length())) {
            throw bytes.broken("", "it does not begin as an HDF5 file does");
        }
        int version = bytes.u8(8);
        if (version > 3) {
            throw bytes.unsupported("superblock", "version " + version + " of the HDF5 format");
        }
        int widthsAt = version < 2 ? 13 : 9;
        int offsets = bytes.u8(widthsAt);
        int lengths = bytes.u8(widthsAt + 1);
        if (!isWidth(offsets) || !isWidth(lengths)) {
            throw bytes.broken("superblock", "addresses of " + offsets + " and lengths of " + lengths + " bytes");
        }
        bytes.setSizes(offsets, lengths);
        int addressesAt = version == 0 ? 24 : version == 1 ? 28 : 12;
        long base = bytes.address(addressesAt);
        long end = bytes.address(addressesAt + 2L * offsets);
        if (base != 0 && base != userBlock) {
            throw bytes.broken("superblock", "expected addresses that count from " + userBlock + ", found " + base);
        }
        if (end - base > bytes.length() || end < base) {
            throw bytes.broken("superblock", "expected " + end + " bytes, found " + (bytes.length() + base));
        }
        // versions 0 and 1 hold a symbol table entry, whose second field is the address
        return new Superblock(bytes.address(addressesAt + (version < 2 ? 5L : 3L) * offsets));
    }

    private static boolean isWidth(int width) {
        return width == 4 || width == 8;
    }
}
