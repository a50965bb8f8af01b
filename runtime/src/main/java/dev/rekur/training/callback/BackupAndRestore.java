package dev.rekur.training.callback;

import dev.rekur.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a training in a directory after each epoch (or number of batches), goes on from there when the same training is run
 * again, and removes the directory when the training is done. The directory belongs to this training alone.
 *
 * <p>{@link CallbackList} calls it after all other callbacks, so that what they do after an epoch is kept with it.
 *
 * <p>Follows {@code keras/src/callbacks/backup_and_restore.py} of Keras 3.15.1 in when it saves, restores and removes. What
 * it keeps goes beyond Keras: the state of callbacks and random generators, and the place in the epoch, so that an
 * interrupted training ends with the same bits. Backups are replaced atomically, which {@code double_checkpoint} is for in
 * Keras.
 */
public final class BackupAndRestore implements Callback {
    private static final String OWNER = "BackupAndRestore";

    private final Path directory;
    private final SaveFrequency frequency = new SaveFrequency(OWNER);
    private boolean deleteCheckpoint = true;

    private BackupAndRestore(Path directory) {
        this.directory = directory;
    }

    /** Keeps the training in a directory, which is made if it is not there. */
    public static BackupAndRestore in(Path directory) {
        if (directory.toString().isEmpty()) {
            throw new InvalidInputException(OWNER + ": expected a directory, found an empty path");
        }
        return new BackupAndRestore(directory);
    }

    /**
     * From texts under the names of Keras's arguments.
     *
     * @throws InvalidInputException if a name is unknown or a value none; says what there is
     */
    public static BackupAndRestore fromSettings(Map<String, String> settings) {
        Settings read = new Settings(OWNER, settings);
        BackupAndRestore callback = in(Path.of(read.text("backup_dir", "")));
        callback.frequency.read(read);
        callback.deleteCheckpoint = read.flag("delete_checkpoint", true);
        read.finish();
        return callback;
    }

    /** Keeps the training after every so many batches instead of after each epoch. */
    public BackupAndRestore saveEveryBatches(int batches) {
        frequency.batches(batches);
        return this;
    }

    /** Leaves the directory there when the training is done. */
    public BackupAndRestore keepCheckpoint() {
        deleteCheckpoint = false;
        return this;
    }

    @Override
    public void check(Set<String> logNames) {
        Targets.requireDirectory(OWNER, directory);
    }

    @Override
    public void trainBegin(TrainingRun run) {
        run.resume(directory);
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        if (frequency.isEpoch()) {
            run.backup(directory);
        }
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        if (frequency.isDueAfterBatch()) {
            run.backup(directory);
        }
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        if (deleteCheckpoint && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            delete();
        }
    }

    private void delete() {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, Object> state() {
        return Map.of("batches_seen", frequency.seen());
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        frequency.seen(new State(OWNER, state).integer("batches_seen"));
    }
}
