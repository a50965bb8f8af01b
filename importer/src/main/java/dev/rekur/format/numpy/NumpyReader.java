package dev.rekur.format.numpy;

import dev.rekur.error.InvalidInputException;
import dev.rekur.format.zip.ZipReader;
import dev.rekur.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads NumPy's {@code .npy} and {@code .npz}. Floats of every width become a FloatTensor (float64 is rounded), integers
 * of every width and booleans an IntTensor, {@code <U} and {@code S} texts a TextTensor; big-endian and Fortran-ordered
 * arrays are turned around.
 */
public final class NumpyReader {
    private NumpyReader() {}

    /**
     * Reads the arrays of a file by name; the one array of a {@code .npy} file is called {@code ""}.
     *
     * @throws InvalidInputException if there is no such file, if it is damaged, or if it holds complex, structured or
     *     object arrays or integers beyond 32 bits
     */
    public static Map<String, Tensor> read(Path path) {
        Path fileName = path.getFileName();
        String name = fileName == null ? path.toString() : fileName.toString();
        try {
            return read(Files.readAllBytes(path), name);
        } catch (NoSuchFileException missing) {
            throw new InvalidInputException(name + ": no such file", missing);
        } catch (IOException | OutOfMemoryError unreadable) {
            throw new InvalidInputException(name + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Reads the arrays of a file in memory.
     *
     * @param name the file's name, for messages
     * @throws InvalidInputException as {@link #read(Path)}
     */
    public static Map<String, Tensor> read(byte[] bytes, String name) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        if (!ZipReader.recognizes(bytes, bytes.length)) {
            arrays.put("", NpyElements.read(bytes, 0, bytes.length, name));
            return arrays;
        }
        ZipReader archive = ZipReader.open(
                bytes,
                what -> new InvalidInputException(name + ": " + what),
                what -> new InvalidInputException(name + ": " + what));
        for (String entry : archive.names()) {
            ZipReader.Content content = archive.read(entry);
            String key = entry.endsWith(".npy") ? entry.substring(0, entry.length() - 4) : entry;
            Tensor array = NpyElements.read(
                    content.array(), content.offset(), content.length(), name + ", array '" + key + "'");
            if (arrays.put(key, array) != null) {
                throw new InvalidInputException(name + ": array '" + key + "' is there twice");
            }
        }
        return arrays;
    }
}
