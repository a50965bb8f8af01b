package dev.rekur.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file beside the one that is to be replaced. Whoever writes it holds a lock on it, which the system releases however
 * the process ends: a temporary file that nobody has locked was left behind by a process that was killed, and the next
 * save of the same target removes it.
 *
 * <p>Where the file system has no locks, files are made without, and none is taken for abandoned.
 */
final class TemporaryFile implements AutoCloseable {
    /** One byte beyond what any file holds: on Windows a lock keeps others from reading what it covers. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * Those of this process, by their real paths. They are never opened a second time: on POSIX, closing any descriptor of a file releases
     * the locks that the process holds on it.
     */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private TemporaryFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Removes what killed saves of the target left behind, and creates a file that is locked. */
    static TemporaryFile beside(Path target) throws IOException {
        removeAbandoned(target);
        TemporaryFile file = null;
        while (file == null) {
            file = create(target);
        }
        return file;
    }

    /** The file; or null if its name was taken, or another process removed it before it was locked. */
    private static @Nullable TemporaryFile create(Path target) throws IOException {
        String unique = String.format("%016x", ThreadLocalRandom.current().nextLong());
        Path path = folder(target).resolve(prefix(target) + unique + ".tmp");
        OWN.add(path);
        FileChannel channel = null;
        boolean mine = false;
        try {
            // with the permissions that the umask leaves, which createTempFile ignores
            channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            mine = lock(channel) && Files.exists(path);
            return mine ? new TemporaryFile(path, channel) : null;
        } catch (FileAlreadyExistsException taken) {
            return null;
        } finally {
            if (!mine) {
                if (channel != null) {
                    channel.close();
                }
                OWN.remove(path);
            }
        }
    }

    /** False if another process looks right now whether the file is abandoned. */
    private static boolean lock(FileChannel channel) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (IOException noLocks) {
            return true;
        }
    }

    /** The same for all saves of a target, and short: the target's own name may be as long as names can be. */
    private static String prefix(Path target) {
        return String.format(
                ".rekur-%08x-", String.valueOf(target.getFileName()).hashCode());
    }

    private static void removeAbandoned(Path target) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(target), prefix(target) + "*.tmp")) {
            for (Path file : files) {
                if (!OWN.contains(file) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    removeIfAbandoned(file);
                }
            }
        } catch (IOException unreadable) {
            // what was left behind stays; the save itself needs no list of the directory
        }
    }

    /** The folder under the one name that all spellings of it lead to. */
    private static Path folder(Path target) throws IOException {
        Path folder = target.toAbsolutePath().getParent();
        return (folder == null ? target : folder).toRealPath();
    }

    private static void removeIfAbandoned(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false)) {
            if (lock != null) {
                Files.deleteIfExists(file); // while it is locked, so that no other process takes it for its own
            }
        } catch (IOException | OverlappingFileLockException notOurs) {
            // it stays
        }
    }

    Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    /** Removes the file, unless it was moved away, and releases the lock. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(path);
        } finally {
            channel.close();
            OWN.remove(path);
        }
    }
}
