package dev.rekur.format.keras;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.format.ModelSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Brings what a source names into memory. */
final class SourceBytes {
    private static final byte[] NOTHING = {};

    private SourceBytes() {}

    /** The first bytes of a file; fewer if it is shorter, none if it is no file. */
    static byte[] head(ModelSource source, int length) {
        return piece(source, 0, length);
    }

    /** The bytes of a file from an offset on; fewer if it ends, none if it is no file. */
    static byte[] piece(ModelSource source, long offset, int length) {
        if (source.content().isPresent()) {
            byte[] content = source.content().get();
            int from = (int) Math.min(offset, content.length);
            return Arrays.copyOfRange(content, from, Math.min(from + length, content.length));
        }
        Path path = source.path().orElse(null);
        if (path == null || !Files.isRegularFile(path)) {
            return NOTHING;
        }
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(offset);
            return in.readNBytes(length);
        } catch (EOFException shorter) {
            return NOTHING;
        } catch (IOException unreadable) {
            throw unreadable(source.name(), unreadable);
        }
    }

    /** A file that is there, but cannot be read. */
    static InvalidInputException unreadable(String name, IOException failure) {
        String reason = failure instanceof AccessDeniedException
                ? "permission is denied"
                : failure instanceof FileSystemException known && known.getReason() != null
                        ? known.getReason()
                        : String.valueOf(failure.getMessage());
        return new InvalidInputException(
                name,
                "cannot be read: " + reason,
                "See who may read the file, and whether its disk is there.",
                "docs/TROUBLESHOOTING.md#no-such-file",
                failure);
    }

    /** All of it. */
    static byte[] all(ModelSource source) {
        return source.content().orElseGet(() -> all(source.path().orElseThrow(), source.name()));
    }

    /**
     * All of a file.
     *
     * @param name for messages
     */
    static byte[] all(Path path, String name) {
        try {
            long size = Files.size(path);
            if (size > Integer.MAX_VALUE - 16) {
                throw new ModelFormatException(
                        name,
                        "expected at most 2 GiB, found " + (size >> 20) + " MiB",
                        "Save the weights in shards: model.save_weights(..., max_shard_size=1).",
                        "docs/TROUBLESHOOTING.md#limits");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException missing) {
            throw new ModelFormatException(name + ": no such file.", "docs/TROUBLESHOOTING.md#no-such-file", missing);
        } catch (IOException unreadable) {
            throw unreadable(name, unreadable);
        }
    }
}
