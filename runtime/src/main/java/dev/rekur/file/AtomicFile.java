package dev.rekur.file;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Replaces a file as a whole. Whoever reads it sees the old or the new one, also when the machine stops in between; once
 * {@link #replace} has returned, the new one survives a loss of power. If writing fails, the old one is as it was. If the
 * process is killed, a {@code .rekur-*.tmp} file stays beside it until the file is saved again.
 */
public final class AtomicFile {
    private static final String SECTION = "docs/TROUBLESHOOTING.md#files-that-cannot-be-written";
    private static final long MEGA = 1_000_000;
    private static final int CHUNK_BYTES = 1 << 20;

    private AtomicFile() {}

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes the content beside the file, brings it to the disk, and puts it in the file's place.
     *
     * @throws InvalidInputException if the file cannot be written
     */
    public static void replace(Path path, Content content) {
        try {
            Path target = target(path);
            try (TemporaryFile temporary = TemporaryFile.beside(target)) {
                keepPermissions(target, temporary.path());
                OutputStream out = Channels.newOutputStream(temporary.channel());
                content.writeTo(out);
                out.flush();
                temporary.channel().force(true);
                move(temporary.path(), target);
            }
            forceDirectoryOf(target);
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
    }

    /**
     * Finds out before work is done whether a file could be written: makes one beside it, and removes that.
     *
     * @throws InvalidInputException if it cannot be written
     */
    public static void requireWritable(Path path) {
        try {
            TemporaryFile.beside(target(path)).close();
        } catch (IOException failure) {
            throw unwritable(path, failure);
        }
    }

    /**
     * Finds out before work is done whether there is room for files: makes one as large beside each, and removes them all
     * when all were made.
     *
     * @param sizesBytes how many bytes each file will have
     * @throws InvalidInputException if one cannot be written
     */
    public static void requireRoom(Map<Path, Long> sizesBytes) {
        List<TemporaryFile> trials = new ArrayList<>();
        try {
            sizesBytes.forEach((path, sizeBytes) -> {
                try {
                    TemporaryFile trial = TemporaryFile.beside(target(path));
                    trials.add(trial);
                    requireFree(
                            path, sizeBytes, Files.getFileStore(trial.path()).getUsableSpace());
                    fill(trial.channel(), sizeBytes);
                } catch (IOException failure) {
                    throw unwritable(path, failure);
                }
            });
        } finally {
            trials.forEach(AtomicFile::remove);
        }
    }

    /**
     * Refuses what is larger than what is free.
     *
     * @param freeBytes what is left beside the files that were made before; 0 where the file system does not say
     */
    private static void requireFree(Path path, long sizeBytes, long freeBytes) {
        if (freeBytes > 0 && freeBytes < sizeBytes) {
            throw new InvalidInputException(
                    path.toString(),
                    "cannot be written: there is no room for about " + megabytes(sizeBytes) + " MB, " + freeBytes / MEGA
                            + " MB are free",
                    "Free some, or write elsewhere.",
                    SECTION);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / MEGA + 1;
    }

    private static void fill(FileChannel channel, long sizeBytes) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(sizeBytes, CHUNK_BYTES));
        for (long left = sizeBytes; left > 0; left -= zeros.position()) {
            zeros.clear().limit((int) Math.min(left, zeros.capacity()));
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
        }
    }

    private static void remove(TemporaryFile trial) {
        try {
            trial.close();
        } catch (IOException kept) {
            trial.path().toFile().deleteOnExit();
        }
    }

    /** Where a link leads, so that the file is replaced and not the link. */
    private static Path target(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("it is a directory");
        }
        requirePossible(path);
        return Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path;
    }

    /** Asks for the file's attributes: a name that is too long, say, is found out before anything is written. */
    private static void requirePossible(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException absent) {
            // it can be made, if its directory can be written
        }
    }

    /** Gives a file the permissions of the one it is to replace, where files have such. */
    private static void keepPermissions(Path target, Path temporary) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(temporary, PosixFileAttributeView.class);
        if (view != null && Files.isRegularFile(target)) {
            view.setPermissions(Files.getPosixFilePermissions(target));
        }
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException unsupported) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Brings the new name to the disk too, where directories can be opened (not on Windows). */
    private static void forceDirectoryOf(Path target) {
        Path parent = target.toAbsolutePath().getParent();
        if (parent == null) {
            return;
        }
        try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // the file itself is safe; nothing more can be done from Java
        }
    }

    private static InvalidInputException unwritable(Path path, IOException failure) {
        return new InvalidInputException(
                path.toString(),
                "cannot be written: " + reason(path, failure),
                "Write elsewhere, or change what keeps the file from being written.",
                SECTION,
                failure);
    }

    /** Why a file cannot be written, or a folder not be made, in words. */
    public static String reason(Path path, IOException failure) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
            return parent.getFileName() + " is a file, no directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return parent != null && Files.exists(parent)
                    ? parent + " takes no new file"
                    : "there is no such directory";
        }
        if (failure instanceof FileSystemException refused && refused.getReason() != null) {
            return refused.getReason();
        }
        return String.valueOf(failure.getMessage());
    }
}
