package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.format.numpy.NumpyReader;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Reads the arrays that users name on the command line. */
final class ArrayFiles {
    static final String STANDARD_INPUT = "-";

    private ArrayFiles() {}

    /**
     * Reads the arrays of a file by name; one that has no name is called {@code ""}.
     *
     * @param file a {@code .npz}, {@code .npy}, {@code .json} or {@code .txt} file, or {@code -} for JSON
     * @param in standard input
     * @throws InvalidInputException if the file is missing or broken
     */
    static Map<String, Tensor> read(String file, InputStream in) {
        if (file.equals(STANDARD_INPUT)) {
            try {
                return JsonTensors.read(in.readAllBytes(), "standard input");
            } catch (IOException unreadable) {
                throw new InvalidInputException(
                        "standard input: cannot be read: " + unreadable.getMessage(), unreadable);
            }
        }
        Path path = ArgumentPath.of(file);
        String name = nameOf(path);
        return switch (extension(file)) {
            case "npz", "npy" -> NumpyReader.read(path);
            case "json" -> JsonTensors.read(bytes(path), name);
            case "txt" -> Map.of("", lines(path));
            default ->
                throw new InvalidInputException(
                        name + ": expected a .npz, .npy, .json, .csv or .txt file, or - for JSON on standard input");
        };
    }

    static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? path.toString() : name.toString();
    }

    static String extension(String file) {
        return file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    /** One text a line. */
    private static Tensor lines(Path path) {
        String name = nameOf(path);
        String[] lines = text(name, bytes(path)).lines().toArray(String[]::new);
        if (lines.length == 0) {
            throw new InvalidInputException(name + ": expected one text a line, found an empty file");
        }
        return TextTensor.wrap(Shape.of(lines.length), lines);
    }

    /**
     * The text of a file, without a byte order mark.
     *
     * @throws InvalidInputException if it is not in UTF-8
     */
    static String text(String name, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException malformed) {
            throw new InvalidInputException(
                    name + ": expected text in UTF-8, found bytes that are not; convert it", malformed);
        }
    }

    /**
     * The bytes of a file.
     *
     * @throws InvalidInputException if it cannot be read
     */
    static byte[] bytes(Path path) {
        String name = nameOf(path);
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException missing) {
            throw new InvalidInputException(name + ": no such file", missing);
        } catch (IOException unreadable) {
            throw new InvalidInputException(name + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}
