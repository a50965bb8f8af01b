package dev.rekur.cli;

import dev.rekur.error.InvalidInputException;
import dev.rekur.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that are written when much work is done. Before it is, their folders are made, and it is tried whether there is room for all
 * of them.
 */
final class WrittenFiles {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#files-that-cannot-be-written";

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
                    file.toString(),
                    "cannot be written: its folder " + folder + " cannot be made: "
                            + AtomicFile.reason(folder, failure),
                    "Write elsewhere, or change what keeps the folder from being made.",
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
        sizes.keySet().forEach(WrittenFiles::makeFolder);
        AtomicFile.requireRoom(sizes);
    }
}
