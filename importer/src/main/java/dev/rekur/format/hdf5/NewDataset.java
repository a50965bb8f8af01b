package dev.rekur.format.hdf5;

import dev.rekur.tensor.FloatTensor;
import java.io.IOException;

/**
 * An array to be written, contiguous and little-endian.
 *
 * @param extents none for a scalar; zeros are allowed
 * @param type what its elements are
 * @param content writes {@code product(extents)} of them, row-major
 */
public record NewDataset(long[] extents, ElementType type, Content content) {
    /** Writes the elements. */
    @FunctionalInterface
    interface Content {
        void write(LittleEndianOutput out) throws IOException;
    }

    /** What the elements of an array are. */
    enum ElementType {
        FLOAT32(4),
        INT64(8),
        INT32(4),
        UINT8(1);

        private final int bytes;

        ElementType(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }
    }

    /** Floats; the tensor is read when the file is written. */
    public static NewDataset float32(FloatTensor tensor) {
        int[] shape = tensor.shape().dimensions();
        long[] extents = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            extents[i] = shape[i];
        }
        return new NewDataset(extents, ElementType.FLOAT32, out -> out.floats(tensor));
    }

    public static NewDataset int64(long[] extents, long... values) {
        return checked(extents, values.length, ElementType.INT64, out -> {
            for (long value : values) {
                out.u64(value);
            }
        });
    }

    public static NewDataset int32(long[] extents, int... values) {
        return checked(extents, values.length, ElementType.INT32, out -> {
            for (int value : values) {
                out.u32(value);
            }
        });
    }

    public static NewDataset uint8(long[] extents, byte... values) {
        return checked(extents, values.length, ElementType.UINT8, out -> out.bytes(values));
    }

    private static NewDataset checked(long[] extents, int count, ElementType type, Content content) {
        NewDataset dataset = new NewDataset(extents, type, content);
        if (dataset.sizeBytes() != (long) count * type.bytes()) {
            throw new IllegalArgumentException(
                    count + " values for extents " + java.util.Arrays.toString(extents) + " of " + type);
        }
        return dataset;
    }

    long sizeBytes() {
        long size = type.bytes();
        for (long extent : extents) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }
}
