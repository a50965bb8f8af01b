package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
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

    /** What to say where writing failed all the same. */
    static InvalidInputException unwritable(String owner, Path path, IOException failure) {
        String reason = failure instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : failure.getClass().getSimpleName() + " " + failure.getMessage();
        return new InvalidInputException(
                owner + ": " + path + " cannot be written: " + reason
                        + ". Make room or give permission there, or name another place; with a backup the training can be"
                        + " gone on with.",
                "docs/TROUBLESHOOTING.md#resume",
                failure);
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
