package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.file.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Files that are written when much work is done. Before it is, their folders are made, and it is tried whether there is room for all
 * of them.
 */
final class WrittenFiles {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#files-that-cannot-be-written";
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long MEGA = 1_000_000;

    private final Map<Path, Long> sizes = new LinkedHashMap<>();

    /** Makes the folder that a file goes to, and those that it is in, unless they are there. */
    static void makeFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (IOException failure) {
            throw new InvalidInputException(
                    file + ": cannot be written: its folder " + folder + " cannot be made: " + failure.getMessage(),
                    SECTION,
                    failure);
        }
    }

    /** Adds a file of about so many bytes. */
    void add(Path file, long sizeBytes) {
        sizes.put(file, sizeBytes);
    }

    /**
     * Makes the folders, and tries to write files of these sizes, which are removed again.
     *
     * @throws InvalidInputException if a file cannot be written, or there is no room
     */
    void prepare() {
        Map<Path, Path> trials = new LinkedHashMap<>();
        try {
            for (Path file : sizes.keySet()) {
                makeFolder(file);
                AtomicFile.requireWritable(file);
                Path trial = file.resolveSibling(".rekur-" + UUID.randomUUID() + ".tmp");
                trials.put(file, trial);
                fill(file, trial);
            }
        } finally {
            trials.values().forEach(WrittenFiles::remove);
        }
    }

    private void fill(Path file, Path trial) {
        long left = sizes.getOrDefault(file, 0L);
        try (OutputStream out = Files.newOutputStream(trial)) {
            byte[] chunk = new byte[(int) Math.min(left, CHUNK_BYTES)];
            for (; left > 0; left -= chunk.length) {
                out.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        } catch (IOException full) {
            long all = sizes.values().stream().mapToLong(Long::longValue).sum();
            throw new InvalidInputException(
                    file + ": cannot be written: there is no room for what is to be written, about "
                            + (all + MEGA - 1) / MEGA + " MB (" + full.getMessage()
                            + "). Free some, or write elsewhere",
                    SECTION,
                    full);
        }
    }

    private static void remove(Path trial) {
        try {
            Files.deleteIfExists(trial);
        } catch (IOException kept) {
            trial.toFile().deleteOnExit();
        }
    }
}
