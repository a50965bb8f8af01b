package dev.rekur.format.hdf5;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An array. Compare {@link #dimensions} with what is expected before {@link #floats} allocates anything.
 */
public final class Hdf5Dataset extends Hdf5Node {
    private final Datatype type;
    private final Dataspace space;

    Hdf5Dataset(Hdf5File file, ObjectHeader header, String path) {
        super(file, header, path);
        Hdf5Bytes bytes = file.bytes();
        if (header.has(ObjectHeader.EXTERNAL_FILES)) {
            throw bytes.refused(place(), "external storage, a dataset whose content lies in another file,");
        }
        ObjectHeader.Message typeMessage = require(header.find(ObjectHeader.DATATYPE));
        ObjectHeader.Message spaceMessage = require(header.find(ObjectHeader.DATASPACE));
        this.space = Dataspace.read(bytes, spaceMessage.at(), spaceMessage.size(), place());
        Datatype stored = Datatype.read(bytes, typeMessage.at(), typeMessage.size(), place());
        // Keras writes bfloat16 as bytes without a meaning, and the meaning as an attribute
        boolean bfloat = stored.kind() == Datatype.Kind.OPAQUE
                && stored.size() == 2
                && text("dtype").orElse("").equals("bfloat16");
        this.type = bfloat ? new Datatype(Datatype.Kind.BFLOAT, 2, false, true) : stored;
    }

    /** The extents; none for a scalar. */
    public long[] dimensions() {
        return space.dimensions().clone();
    }

    /** True if the extents are those of a shape without unknown dimensions. */
    public boolean hasShape(Shape shape) {
        long[] dimensions = space.dimensions();
        if (dimensions.length != shape.rank()) {
            return false;
        }
        for (int i = 0; i < dimensions.length; i++) {
            if (dimensions[i] != shape.dimension(i)) {
                return false;
            }
        }
        return true;
    }

    /** The extents as text: {@code [64, 256]}. */
    public String shapeText() {
        return space.toString();
    }

    /** Number of elements; {@link Long#MAX_VALUE} for more than an array can hold. */
    public long count() {
        return space.count();
    }

    /** The type of the elements in NumPy's words: {@code float32}. */
    public String elementType() {
        return type.toString();
    }

    /** True if the elements are numbers of a width that is read. */
    public boolean isNumeric() {
        return switch (type.kind()) {
            case INTEGER, FLOAT, BFLOAT -> true;
            default -> false;
        };
    }

    /**
     * The elements as floats, row-major; float64 and integers are rounded.
     *
     * @throws dev.rekur.error.ModelFormatException if the file does not hold as many elements as it says, or if they are no
     *     numbers
     */
    public FloatTensor floats() {
        Hdf5Bytes bytes = file.bytes();
        if (!isNumeric()) {
            throw bytes.broken(place(), "expected numbers, found " + type);
        }
        long count = count();
        if (count > (Integer.MAX_VALUE - 16) / Math.max(4, type.size())) {
            throw bytes.broken(place(), "shape " + shapeText() + " is larger than the 2 GiB that one array can be");
        }
        long[] dimensions = space.dimensions();
        int[] shape = new int[dimensions.length];
        for (int i = 0; i < shape.length; i++) {
            if (dimensions[i] > Integer.MAX_VALUE) {
                throw bytes.broken(place(), "an extent of " + dimensions[i]);
            }
            shape[i] = (int) dimensions[i];
        }
        float[] values = count == 0 ? new float[0] : read(bytes, (int) count);
        if (space.empty()) {
            shape = new int[] {0};
        }
        return FloatTensor.wrap(Shape.of(shape), values);
    }

    /**
     * The number of a scalar dataset of integers; empty if it is anything else, or beyond 63 bits.
     *
     * @throws dev.rekur.error.ModelFormatException if the file does not hold it
     */
    public Optional<Long> wholeNumber() {
        if (type.kind() != Datatype.Kind.INTEGER || space.empty() || space.dimensions().length != 0) {
            return Optional.empty();
        }
        Hdf5Bytes bytes = file.bytes();
        ByteBuffer view = flat(bytes, require(header.find(ObjectHeader.LAYOUT)), type.size());
        if (view == null) {
            return Optional.empty();
        }
        view.order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        long number = Elements.whole(type, view, 0);
        return !type.signed() && number < 0 ? Optional.empty() : Optional.of(number);
    }

    /** Section IV.A.2.i of the specification. */
    private float[] read(Hdf5Bytes bytes, int count) {
        ObjectHeader.Message layout = require(header.find(ObjectHeader.LAYOUT));
        int version = bytes.u8(layout.at());
        if (version < 1 || version > 4) {
            throw bytes.unsupported(place(), "version " + version + " of the data layout");
        }
        long size = (long) count * type.size();
        ByteBuffer flat = flat(bytes, layout, size);
        if (flat != null) {
            bytes.charge(size);
            float[] values = new float[count];
            decode(type, flat, 0, values, 0, count);
            return values;
        }
        boolean older = version < 3;
        int layoutClass = bytes.u8(layout.at() + (older ? 2 : 1));
        int rank = bytes.u8(layout.at() + (older ? 1 : 2)); // of chunks, with one more for the element
        switch (layoutClass) {
            case 2 -> {
                Filters filters = Filters.read(bytes, header, place());
                Chunks chunks = new Chunks(bytes, place(), type, space.dimensions(), filters);
                if (version == 4) {
                    return chunks.readIndexed(layout.at() + 2, count);
                }
                long treeAt = bytes.address(layout.at() + (older ? 8 : 3));
                long dimensionsAt = layout.at() + (older ? 8 : 3) + bytes.offsetSize();
                return chunks.readTree(treeAt, dimensionsAt, rank - 1, count);
            }
            case 3 -> throw bytes.refused(place(), "a virtual dataset");
            default -> throw bytes.broken(place(), "data layout " + layoutClass);
        }
    }

    /** The content where it lies in one piece, in the header or elsewhere; null if it does not. */
    private @Nullable ByteBuffer flat(Hdf5Bytes bytes, ObjectHeader.Message layout, long size) {
        boolean older = bytes.u8(layout.at()) < 3;
        int layoutClass = bytes.u8(layout.at() + (older ? 2 : 1));
        switch (layoutClass) {
            case 0 -> {
                int rank = bytes.u8(layout.at() + 1);
                long sizeAt = layout.at() + (older ? 8 + 4L * rank : 2);
                long stored = older ? bytes.u32(sizeAt) : bytes.u16(sizeAt);
                return piece(bytes, sizeAt + (older ? 4 : 2), stored, size);
            }
            case 1 -> {
                long at = bytes.address(layout.at() + (older ? 8 : 2));
                long stored = older ? size : bytes.size(layout.at() + 2 + bytes.offsetSize());
                if (at == Hdf5Bytes.UNDEFINED) {
                    throw bytes.broken(place(), "its content was never written");
                }
                return piece(bytes, at, stored, size);
            }
            default -> {
                return null;
            }
        }
    }

    private ByteBuffer piece(Hdf5Bytes bytes, long at, long stored, long size) {
        if (stored != size) {
            throw bytes.broken(place(), "shape " + shapeText() + " needs " + size + " bytes, found " + stored);
        }
        return bytes.view(at, size);
    }

    /** Converts elements that lie one after the other. */
    static void decode(Datatype type, ByteBuffer from, int fromAt, float[] to, int toAt, int count) {
        from.order(type.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (type.kind() == Datatype.Kind.FLOAT && type.size() == 4) {
            from.position(fromAt);
            from.asFloatBuffer().get(to, toAt, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[toAt + i] = Elements.get(type, from, fromAt + i * type.size());
        }
    }

    private ObjectHeader.Message require(ObjectHeader.@Nullable Message message) {
        if (message == null) {
            throw file.bytes().broken(place(), "a dataset without type, extents or content");
        }
        return message;
    }
}
