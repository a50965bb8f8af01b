package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Keeps a training in a directory after each epoch (or number of batches), goes on from there when the same training is run
 * again, and removes what it kept when the training is done, the directory too if nothing else is in it. The directory keeps one
 * training.
 *
 * <p>{@link CallbackList} calls it after all other callbacks, so that what they do after an epoch is kept with it.
 *
 * <p>Follows {@code keras/src/callbacks/backup_and_restore.py} of Keras 3.15.1 in when it saves, restores and removes; Keras
 * removes the whole directory. What it keeps goes beyond Keras, which goes on at the beginning of an epoch with the weights of
 * its midst: the state of callbacks and random generators, the place in the epoch, and the sums of losses and metrics so far,
 * so that an interrupted training ends with the same bits and the same history. Backups are replaced atomically, which {@code double_checkpoint} is for in
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

    /** Leaves what was kept there when the training is done. */
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
        frequency.seen(0);
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
        if (deleteCheckpoint) {
            run.forget(directory);
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
