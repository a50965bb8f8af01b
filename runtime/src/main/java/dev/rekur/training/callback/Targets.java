package dev.rekur.training.callback;

import dev.rekur.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether something can be written where it is to go: asked before a training starts, not after hours of it. */
final class Targets {
    private Targets() {}

    /** Requires that a file can be written there. */
    static void requireFile(String owner, Path file) {
        if (Files.isDirectory(file)) {
            throw new InvalidInputException(owner + ": expected a file to write, found the directory " + file);
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new InvalidInputException(owner + ": the file " + file + " is not writable");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            requireDirectory(owner, folder);
        }
    }

    /** Requires that the directory is there and writable, or can be made. */
    static void requireDirectory(String owner, Path directory) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            throw new InvalidInputException(
                    owner + ": expected a directory to write to, found " + existing + ", which is none");
        }
        if (!Files.isWritable(existing)) {
            throw new InvalidInputException(owner + ": the directory " + existing + " is not writable");
        }
    }
}
