package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.training.callback.Callback;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps with a training what it was asked to do, so that a directory of {@code --resume} goes on with the same training and
 * not, unnoticed, with half of another one.
 */
final class SameTraining implements Callback {
    private final Path directory;
    private final Map<String, String> description;

    /**
     * @param directory where the training is kept, for messages
     * @param description what must not change, by option
     */
    SameTraining(Path directory, Map<String, String> description) {
        this.directory = directory;
        this.description = new TreeMap<>(description);
    }

    /** A text by which a file's content is told from others; a folder's is not looked at. */
    static String content(String file) {
        Path path = ArgumentPath.of(file);
        if (!Files.isRegularFile(path)) {
            return file;
        }
        CRC32 checksum = new CRC32(); // finds changes, not forgeries
        try (InputStream in = new CheckedInputStream(Files.newInputStream(path), checksum)) {
            long size = in.transferTo(OutputStream.nullOutputStream());
            return size + " bytes, CRC-32 " + Long.toHexString(checksum.getValue());
        } catch (IOException unreadable) {
            throw new InvalidInputException(file + ": cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public Map<String, Object> state() {
        return new TreeMap<>(description);
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        Set<String> names = new TreeSet<>(description.keySet());
        names.addAll(state.keySet());
        for (String name : names) {
            String now = description.get(name);
            Object before = state.get(name);
            if (now == null || !now.equals(before)) {
                throw new InvalidInputException(
                        directory + ": keeps another training: " + name + " was "
                                + shown(before) + ", now it is " + shown(now)
                                + ". Run the command that began it, or name another directory",
                        "docs/TROUBLESHOOTING.md#resume");
            }
        }
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "not given" : "'" + value + "'";
    }
}
