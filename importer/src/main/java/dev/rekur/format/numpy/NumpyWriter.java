package dev.rekur.format.numpy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes NumPy's {@code .npy} and {@code .npz}: floats as float32, integers as int64, texts as {@code <U}. */
public final class NumpyWriter {
    /** Equal arrays make equal files; of earlier times Java notes the time zone too. */
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

    private NumpyWriter() {}

    /** Writes named arrays as {@code numpy.savez} does, uncompressed. */
    public static void npz(Path path, Map<String, ? extends Tensor> arrays) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            npz(out, arrays);
        }
    }

    /** Writes named arrays as {@code numpy.savez} does, uncompressed; the stream stays open. */
    public static void npz(OutputStream out, Map<String, ? extends Tensor> arrays) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out);
        ZipOutputStream zip = new ZipOutputStream(buffered);
        zip.setMethod(ZipOutputStream.STORED);
        for (Map.Entry<String, ? extends Tensor> array : arrays.entrySet()) {
            byte[] content = bytes(array.getValue());
            CRC32 checksum = new CRC32();
            checksum.update(content);
            ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
            entry.setSize(content.length);
            entry.setCompressedSize(content.length);
            entry.setCrc(checksum.getValue());
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        }
        zip.finish();
        buffered.flush();
    }

    /** Writes one array as {@code numpy.save} does. */
    public static void npy(Path path, Tensor array) throws IOException {
        try (OutputStream out = Files.newOutputStream(path)) {
            npy(out, array);
        }
    }

    /** Writes one array as {@code numpy.save} does; the stream stays open. */
    public static void npy(OutputStream out, Tensor array) throws IOException {
        out.write(bytes(array));
    }

    /** The content of a {@code .npy} file. */
    public static byte[] bytes(Tensor array) {
        if (array instanceof FloatTensor floats) {
            ByteBuffer file = begin("<f4", array, 4);
            for (int i = 0; i < floats.size(); i++) {
                file.putFloat(floats.get(i));
            }
            return file.array();
        }
        if (array instanceof IntTensor integers) {
            ByteBuffer file = begin("<i8", array, 8);
            for (int i = 0; i < integers.size(); i++) {
                file.putLong(integers.get(i));
            }
            return file.array();
        }
        TextTensor texts = (TextTensor) array;
        int longest = 1; // NumPy has no texts of no length
        for (int i = 0; i < texts.size(); i++) {
            longest = Math.max(
                    longest, texts.get(i).codePointCount(0, texts.get(i).length()));
        }
        ByteBuffer file = begin("<U" + longest, array, Math.multiplyExact(4, longest));
        for (int i = 0; i < texts.size(); i++) {
            int at = file.position();
            texts.get(i).codePoints().forEach(file::putInt);
            file.position(at + 4 * longest);
        }
        return file.array();
    }

    private static ByteBuffer begin(String type, Tensor array, int itemSize) {
        StringBuilder shape = new StringBuilder("(");
        for (int extent : array.shape().dimensions()) {
            shape.append(extent).append(", ");
        }
        if (array.shape().rank() > 1) {
            shape.setLength(shape.length() - 2);
        } else if (array.shape().rank() == 1) {
            shape.setLength(shape.length() - 1);
        }
        String header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "), }";
        int unpadded = 10 + header.length() + 1;
        int padding = (64 - unpadded % 64) % 64; // elements begin at a multiple of 64
        long length = unpadded + padding + (long) array.size() * itemSize;
        if (length > Integer.MAX_VALUE - 16) {
            throw new InvalidInputException("an array of " + array.shape() + " does not fit one file of 2 GiB");
        }
        ByteBuffer file = ByteBuffer.allocate((int) length).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        file.putShort((short) (header.length() + padding + 1));
        file.put((header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII));
        return file;
    }
}
