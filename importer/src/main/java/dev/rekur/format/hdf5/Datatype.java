package dev.rekur.format.hdf5;

/**
 * The type of an element; section IV.A.2.d of the specification.
 *
 * @param kind what it is
 * @param size bytes of an element
 * @param bigEndian byte order
 * @param signed for integers
 */
record Datatype(Kind kind, int size, boolean bigEndian, boolean signed) {
    enum Kind {
        INTEGER,
        FLOAT,
        /** 8 bits of exponent in 16 bits. */
        BFLOAT,
        TEXT,
        /** Text that blanks fill up. */
        SPACED_TEXT,
        /** Text of any length, in the global heap. */
        LONG_TEXT,
        OPAQUE,
        OTHER
    }

    static Datatype read(Hdf5Bytes bytes, long at, int size, String place) {
        if (size < 8) {
            throw bytes.broken(place, "a datatype of " + size + " bytes");
        }
        int typeClass = bytes.u8(at) & 0x0F;
        int flags = bytes.u8(at + 1);
        long width = bytes.u32(at + 4);
        if (width > Integer.MAX_VALUE) {
            throw bytes.broken(place, "elements of " + width + " bytes");
        }
        int elementSize = (int) width;
        boolean bigEndian = (flags & 1) != 0;
        return switch (typeClass) {
            case 0 -> integer(bytes, at + 8, size - 8, elementSize, bigEndian, (flags & 8) != 0);
            case 1 -> floating(bytes, at + 8, size - 8, elementSize, bigEndian, (flags & 0x40) != 0);
            case 3 -> new Datatype((flags & 0x0F) == 2 ? Kind.SPACED_TEXT : Kind.TEXT, elementSize, false, false);
            case 5 -> new Datatype(Kind.OPAQUE, elementSize, false, false);
            // an enumeration of integers is NumPy's bool; anything else nested would be an invitation to recurse
            case 8 ->
                size >= 16 && (bytes.u8(at + 8) & 0x0F) == 0
                        ? read(bytes, at + 8, size - 8, place)
                        : new Datatype(Kind.OTHER, elementSize, false, false);
            case 9 -> new Datatype((flags & 0x0F) == 1 ? Kind.LONG_TEXT : Kind.OTHER, elementSize, false, false);
            default -> new Datatype(Kind.OTHER, elementSize, false, false);
        };
    }

    private static Datatype integer(Hdf5Bytes bytes, long at, int room, int size, boolean bigEndian, boolean signed) {
        boolean whole = room >= 4
                && bytes.u16(at) == 0
                && bytes.u16(at + 2) == 8 * size
                && (size == 1 || size == 2 || size == 4 || size == 8);
        return new Datatype(whole ? Kind.INTEGER : Kind.OTHER, size, bigEndian, signed);
    }

    private static Datatype floating(Hdf5Bytes bytes, long at, int room, int size, boolean bigEndian, boolean vax) {
        if (room < 12 || vax || bytes.u16(at) != 0 || bytes.u16(at + 2) != 8 * size || bytes.u8(at + 6) != 0) {
            return new Datatype(Kind.OTHER, size, bigEndian, true);
        }
        int exponent = bytes.u8(at + 5);
        int mantissa = bytes.u8(at + 7);
        boolean ieee = size == 2 && exponent == 5 && mantissa == 10
                || size == 4 && exponent == 8 && mantissa == 23
                || size == 8 && exponent == 11 && mantissa == 52;
        if (ieee) {
            return new Datatype(Kind.FLOAT, size, bigEndian, true);
        }
        boolean bfloat = size == 2 && exponent == 8 && mantissa == 7;
        return new Datatype(bfloat ? Kind.BFLOAT : Kind.OTHER, size, bigEndian, true);
    }

    boolean isText() {
        return kind == Kind.TEXT || kind == Kind.SPACED_TEXT || kind == Kind.LONG_TEXT;
    }

    /** In NumPy's words: {@code float32}. */
    @Override
    public String toString() {
        return switch (kind) {
            case INTEGER -> (signed ? "int" : "uint") + 8 * size;
            case FLOAT -> "float" + 8 * size;
            case BFLOAT -> "bfloat16";
            case TEXT, SPACED_TEXT, LONG_TEXT -> "text";
            case OPAQUE -> "opaque, " + size + " bytes";
            case OTHER -> "a type of " + size + " bytes that is neither number nor text";
        };
    }
}
