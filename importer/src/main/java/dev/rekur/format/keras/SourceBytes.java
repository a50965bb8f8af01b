package dev.rekur.format.keras;

import dev.rekur.ModelFormatException;
import dev.rekur.format.ModelSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Brings what a source names into memory. */
final class SourceBytes {
    private static final byte[] NOTHING = {};

    private SourceBytes() {}

    /** The first bytes of a file; fewer if it is shorter, none if it is no file or cannot be read. */
    static byte[] head(ModelSource source, int length) {
        if (source.content().isPresent()) {
            byte[] content = source.content().get();
            return java.util.Arrays.copyOf(content, Math.min(length, content.length));
        }
        Path path = source.path().orElse(null);
        if (path == null || !Files.isRegularFile(path)) {
            return NOTHING;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(length);
        } catch (IOException unreadable) {
            return NOTHING;
        }
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
                throw new ModelFormatException(name + ": expected at most 2 GiB, found " + (size >> 20)
                        + " MiB. Save the weights in shards: model.save_weights(..., max_shard_size=1)."
                        + " docs/TROUBLESHOOTING.md#limits");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException missing) {
            throw new ModelFormatException(name + ": no such file. docs/TROUBLESHOOTING.md#no-such-file", missing);
        } catch (IOException unreadable) {
            throw new ModelFormatException(
                    name + ": cannot be read: " + unreadable.getMessage() + ". docs/TROUBLESHOOTING.md#no-such-file",
                    unreadable);
        }
    }
}
