package dev.rekur.format.numpy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.format.number.HalfPrecision;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The elements of an array as a tensor, row-major whatever the file's order. */
final class NpyElements {
    private final NpyHeader header;
    private final ByteBuffer data;
    private final String name;
    private final int count;

    private NpyElements(NpyHeader header, ByteBuffer data, String name, int count) {
        this.header = header;
        this.data = data;
        this.name = name;
        this.count = count;
    }

    /** Reads the array at {@code bytes[offset, offset + length)}. */
    static Tensor read(byte[] bytes, int offset, int length, String name) {
        NpyHeader header = NpyHeader.read(bytes, offset, length, name);
        long count = 1;
        for (int extent : header.shape()) {
            count *= extent;
            // checked step by step, so that the product cannot wrap around
            if (count > Integer.MAX_VALUE - 16) {
                throw new InvalidInputException(name + ": " + Shape.of(header.shape())
                        + " has more elements than one array can hold; split it into batches");
            }
        }
        long available = offset + (long) length - header.dataAt();
        if (count * header.itemSize() != available) {
            throw new InvalidInputException(name + ": shape " + Shape.of(header.shape()) + " needs "
                    + count * header.itemSize() + " bytes, found " + available + "; the file may be incomplete");
        }
        if (count > Math.max(1L << 20, 64L * length)) {
            // texts of no length need no bytes, so only the count could exhaust memory
            throw new InvalidInputException(name + ": " + count + " empty elements in " + length + " bytes");
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, header.dataAt(), (int) available)
                .slice()
                .order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new NpyElements(header, data, name, (int) count).tensor();
    }

    private Tensor tensor() {
        Shape shape = Shape.of(header.shape());
        int[] order = header.fortranOrder() && header.shape().length > 1 ? fortranOrder() : null;
        return switch (header.kind()) {
            case 'f' -> FloatTensor.wrap(shape, floats(order));
            case 'i', 'u', 'b' -> IntTensor.wrap(shape, integers(order));
            default -> TextTensor.wrap(shape, texts(order));
        };
    }

    /** For each element in row-major order, its place in the file. */
    private int[] fortranOrder() {
        int[] shape = header.shape();
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        int[] order = new int[count];
        int[] index = new int[shape.length];
        int place = 0;
        for (int i = 0; i < count; i++) {
            order[i] = place;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                place += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                place -= index[axis] * strides[axis];
                index[axis] = 0;
            }
        }
        return order;
    }

    private float[] floats(int @org.jspecify.annotations.Nullable [] order) {
        float[] values = new float[count];
        if (header.itemSize() == 4 && order == null) {
            data.asFloatBuffer().get(values);
            return values;
        }
        for (int i = 0; i < count; i++) {
            int at = (order == null ? i : order[i]) * header.itemSize();
            values[i] = switch (header.itemSize()) {
                case 2 -> HalfPrecision.toFloat(data.getShort(at));
                case 4 -> data.getFloat(at);
                default -> (float) data.getDouble(at);
            };
        }
        return values;
    }

    private int[] integers(int @org.jspecify.annotations.Nullable [] order) {
        int[] values = new int[count];
        boolean unsigned = header.kind() != 'i';
        for (int i = 0; i < count; i++) {
            int at = (order == null ? i : order[i]) * header.itemSize();
            long value =
                    switch (header.itemSize()) {
                        case 1 -> unsigned ? data.get(at) & 0xFF : data.get(at);
                        case 2 -> unsigned ? data.getShort(at) & 0xFFFF : data.getShort(at);
                        case 4 -> unsigned ? data.getInt(at) & 0xFFFFFFFFL : data.getInt(at);
                        default -> data.getLong(at);
                    };
            if (value != (int) value) {
                throw new InvalidInputException(name + ": element " + Arrays.toString(indexOf(i)) + " = "
                        + (unsigned ? Long.toUnsignedString(value) : Long.toString(value))
                        + " is beyond the 32-bit integers that models take as token ids");
            }
            values[i] = header.kind() == 'b' && value != 0 ? 1 : (int) value;
        }
        return values;
    }

    private String[] texts(int @org.jspecify.annotations.Nullable [] order) {
        String[] values = new String[count];
        for (int i = 0; i < count; i++) {
            int at = (order == null ? i : order[i]) * header.itemSize();
            values[i] = header.kind() == 'U' ? codePoints(at, i) : bytes(at, i);
        }
        return values;
    }

    private String codePoints(int at, int element) {
        int length = header.itemSize() / 4;
        // NumPy pads with zeros and cannot tell them from zeros at the end of a text
        while (length > 0 && data.getInt(at + 4 * (length - 1)) == 0) {
            length--;
        }
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int codePoint = data.getInt(at + 4 * i);
            if (!Character.isValidCodePoint(codePoint)) {
                throw new InvalidInputException(name + ": element " + Arrays.toString(indexOf(element))
                        + " is not a text of Unicode characters");
            }
            text.appendCodePoint(codePoint);
        }
        return text.toString();
    }

    private String bytes(int at, int element) {
        int length = header.itemSize();
        while (length > 0 && data.get(at + length - 1) == 0) {
            length--;
        }
        byte[] text = new byte[length];
        data.get(at, text, 0, length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (java.nio.charset.CharacterCodingException notText) {
            throw new InvalidInputException(
                    name + ": element " + Arrays.toString(indexOf(element)) + " is not a text in UTF-8");
        }
    }

    private int[] indexOf(int element) {
        int[] shape = header.shape();
        int[] index = new int[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = element % shape[axis];
            element /= shape[axis];
        }
        return index;
    }
}
