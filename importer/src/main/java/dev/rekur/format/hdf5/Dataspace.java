package dev.rekur.format.hdf5;

import java.util.Arrays;

/**
 * The extents of a dataset or attribute; section IV.A.2.b of the specification.
 *
 * @param dimensions none for a scalar
 * @param empty true if there are no elements at all, whatever the dimensions
 */
record Dataspace(long[] dimensions, boolean empty) {
    static Dataspace read(Hdf5Bytes bytes, long at, int size, String place) {
        int version = bytes.u8(at);
        int rank = bytes.u8(at + 1);
        if (version < 1 || version > 2 || rank > 32) {
            throw bytes.broken(place, "extents of version " + version + " and rank " + rank);
        }
        long dimensionsAt = at + (version == 1 ? 8 : 4);
        if (dimensionsAt + (long) rank * bytes.lengthSize() > at + size) {
            throw bytes.broken(place, "extents that are longer than their message");
        }
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++) {
            dimensions[i] = bytes.size(dimensionsAt + (long) i * bytes.lengthSize());
            if (dimensions[i] < 0) {
                throw bytes.broken(place, "an extent beyond 2^63");
            }
        }
        return new Dataspace(dimensions, version == 2 && bytes.u8(at + 3) == 2);
    }

    /** Number of elements; more than an array can hold is cut to {@link Long#MAX_VALUE}. */
    long count() {
        long count = empty ? 0 : 1;
        for (long dimension : dimensions) {
            if (dimension != 0 && count > Integer.MAX_VALUE / dimension) {
                // no array is so large; zero in a later place must not hide it
                return Arrays.stream(dimensions).anyMatch(extent -> extent == 0) ? 0 : Long.MAX_VALUE;
            }
            count *= dimension;
        }
        return count;
    }

    @Override
    public String toString() {
        return Arrays.toString(dimensions);
    }
}
