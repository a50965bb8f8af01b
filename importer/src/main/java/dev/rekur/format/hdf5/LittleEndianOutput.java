package dev.rekur.format.hdf5;

import dev.rekur.tensor.FloatTensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes numbers of a fixed width, the low byte first, through a buffer that is all the memory writing takes. */
final class LittleEndianOutput {
    private static final int CAPACITY = 1 << 16;

    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private final float[] floats = new float[CAPACITY / Float.BYTES];
    private long written;

    LittleEndianOutput(OutputStream out) {
        this.out = out;
    }

    /** Bytes written so far. */
    long position() {
        return written + buffer.position();
    }

    void u8(int value) throws IOException {
        room(1).put((byte) value);
    }

    void u16(int value) throws IOException {
        room(2).putShort((short) value);
    }

    void u32(long value) throws IOException {
        room(4).putInt((int) value);
    }

    void u64(long value) throws IOException {
        room(8).putLong(value);
    }

    void bytes(byte[] bytes) throws IOException {
        for (int from = 0; from < bytes.length; ) {
            ByteBuffer room = room(1);
            int length = Math.min(room.remaining(), bytes.length - from);
            room.put(bytes, from, length);
            from += length;
        }
    }

    void zeros(long count) throws IOException {
        for (long i = 0; i < count; i++) {
            u8(0);
        }
    }

    /** Elements in row-major order. */
    void floats(FloatTensor tensor) throws IOException {
        for (int from = 0; from < tensor.size(); ) {
            ByteBuffer room = room(Float.BYTES);
            int length = Math.min(room.remaining() / Float.BYTES, tensor.size() - from);
            tensor.copyTo(from, floats, 0, length);
            room.asFloatBuffer().put(floats, 0, length);
            room.position(room.position() + length * Float.BYTES);
            from += length;
        }
    }

    void flush() throws IOException {
        out.write(buffer.array(), 0, buffer.position());
        written += buffer.position();
        buffer.clear();
        out.flush();
    }

    private ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            out.write(buffer.array(), 0, buffer.position());
            written += buffer.position();
            buffer.clear();
        }
        return buffer;
    }
}
