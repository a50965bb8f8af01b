package dev.rekur.format.hdf5;

import dev.rekur.format.number.HalfPrecision;
import java.nio.ByteBuffer;

/** One number of a dataset as a float; the buffer's byte order is set. */
final class Elements {
    private Elements() {}

    static float get(Datatype type, ByteBuffer from, int at) {
        return switch (type.kind()) {
            case FLOAT ->
                switch (type.size()) {
                    case 2 -> HalfPrecision.toFloat(from.getShort(at));
                    case 4 -> from.getFloat(at);
                    default -> (float) from.getDouble(at);
                };
            case BFLOAT -> HalfPrecision.bfloatToFloat(from.getShort(at));
            default -> integer(type, from, at);
        };
    }

    /** An integer as it is; one of 64 bits without a sign may come out negative. */
    static long whole(Datatype type, ByteBuffer from, int at) {
        boolean signed = type.signed();
        return switch (type.size()) {
            case 1 -> signed ? from.get(at) : from.get(at) & 0xFF;
            case 2 -> signed ? from.getShort(at) : from.getShort(at) & 0xFFFF;
            case 4 -> signed ? from.getInt(at) : from.getInt(at) & 0xFFFFFFFFL;
            default -> from.getLong(at);
        };
    }

    private static float integer(Datatype type, ByteBuffer from, int at) {
        long whole = whole(type, from, at);
        return type.signed() || whole >= 0 ? whole : (float) (whole >>> 1) * 2;
    }
}
