package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Saves the model, or its weights, after each epoch or every so many batches; on request only if the monitored value is the
 * best so far. The file's name may have fields, filled as Python does: {@code {epoch}} (counted from 1), {@code {batch}} (from
 * 1, if saving goes by batches), and all logged values.
 *
 * <pre>ModelCheckpoint.to("models/{epoch:02d}-{val_loss:.2f}.keras").saveBestOnly()</pre>
 *
 * <p>Used for another training it goes on with the best value of the one before, and with counting batches: a better model that is
 * there is not replaced by a worse one.
 *
 * <p>Follows {@code keras/src/callbacks/model_checkpoint.py} of Keras 3.15.1. One thing Keras cannot: saving the best by
 * batches in the first epoch.
 */
public final class ModelCheckpoint implements Callback {
    private static final String OWNER = "ModelCheckpoint";
    private static final String EPOCH = "epoch";
    private static final String BATCH = "batch";

    private final FileNamePattern pattern;
    private final Announcer announcer = new Announcer();
    private final SaveFrequency frequency = new SaveFrequency(OWNER);
    private Monitor monitor = new Monitor(OWNER, "val_loss", 0);
    private boolean saveBestOnly;
    private boolean saveWeightsOnly;

    private @Nullable Double best;
    private int currentEpoch;

    private ModelCheckpoint(String file) {
        this.pattern = new FileNamePattern(OWNER, file);
    }

    /**
     * To a file, with Keras's defaults: the whole model, each epoch.
     *
     * @param file must end in {@code .keras} or {@code .h5}, with {@link #saveWeightsOnly} in {@code .weights.h5}
     */
    public static ModelCheckpoint to(String file) {
        return new ModelCheckpoint(file);
    }

    /**
     * From texts under the names of Keras's arguments; all but {@code filepath}.
     *
     * @param messages where messages go if {@code verbose} is not 0
     * @throws InvalidInputException if a name is unknown or a value none; says what there is
     */
    public static ModelCheckpoint fromSettings(String file, Map<String, String> settings, Consumer<String> messages) {
        Settings read = new Settings(OWNER, settings);
        ModelCheckpoint callback = to(file).monitor(read.text("monitor", "val_loss"))
                .mode(MonitorMode.of(OWNER, read.text("mode", "auto")));
        callback.saveBestOnly = read.flag("save_best_only", false);
        callback.saveWeightsOnly = read.flag("save_weights_only", false);
        callback.best = read.optionalNumber("initial_value_threshold");
        callback.frequency.read(read);
        if (read.count("verbose", 0) > 0) {
            callback.verbose(messages);
        }
        read.finish();
        return callback;
    }

    /** The logged value that says which model is best. */
    public ModelCheckpoint monitor(String name) {
        MonitorMode mode = monitor.mode;
        monitor = new Monitor(OWNER, name, 0);
        monitor.mode = mode;
        return this;
    }

    public ModelCheckpoint mode(MonitorMode mode) {
        monitor.mode = mode;
        return this;
    }

    public ModelCheckpoint saveBestOnly() {
        saveBestOnly = true;
        return this;
    }

    public ModelCheckpoint saveWeightsOnly() {
        saveWeightsOnly = true;
        return this;
    }

    /** Saves after every so many batches instead of after each epoch; counting goes on across epochs. */
    public ModelCheckpoint saveEveryBatches(int batches) {
        frequency.batches(batches);
        return this;
    }

    /** The best value there was before. */
    public ModelCheckpoint initialValueThreshold(double value) {
        best = value;
        return this;
    }

    /** Says what it does, in Keras's words. */
    public ModelCheckpoint verbose(Consumer<String> messages) {
        announcer.to(messages);
        return this;
    }

    @Override
    public void check(Set<String> logNames) {
        checkEnding();
        Set<String> fields = new HashSet<>(logNames);
        if (!frequency.isEpoch()) {
            fields.removeIf(name -> name.startsWith("val_"));
            fields.add(BATCH);
        }
        fields.add(EPOCH);
        for (String field : pattern.fields()) {
            if (!fields.contains(field)) {
                throw new InvalidInputException(OWNER + ": file name '" + pattern + "': there is no value '" + field
                        + "'. There are " + String.join(", ", new TreeSet<>(fields)));
            }
        }
        if (saveBestOnly) {
            monitor.check(logNames);
        }
        Targets.requireFile(OWNER, Path.of(pattern.fill(field -> isWhole(field) ? (Number) 1 : (Number) 0.5)));
    }

    private boolean isWhole(String field) {
        return field.equals(EPOCH) || field.equals(BATCH) && !frequency.isEpoch();
    }

    private void checkEnding() {
        String name = pattern.toString();
        if (saveWeightsOnly && !name.endsWith(".weights.h5")) {
            throw new InvalidInputException(
                    OWNER + ": weights are saved in files that end in .weights.h5, found '" + name + "'");
        }
        if (!saveWeightsOnly && !name.endsWith(".keras") && !name.endsWith(".h5")) {
            throw new InvalidInputException(
                    OWNER + ": models are saved in files that end in .keras or .h5, found '" + name + "'");
        }
    }

    @Override
    public void trainBegin(TrainingRun run) {
        if (saveBestOnly) {
            monitor.begin(run);
        }
    }

    @Override
    public void epochBegin(TrainingRun run, int epoch) {
        currentEpoch = epoch;
    }

    @Override
    public void batchEnd(TrainingRun run, int batch, Logs logs) {
        if (frequency.isDueAfterBatch()) {
            saveIfDue(run, currentEpoch, batch, logs);
        }
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        if (frequency.isEpoch()) {
            saveIfDue(run, epoch, -1, logs);
        }
    }

    private void saveIfDue(TrainingRun run, int epoch, int batch, Logs logs) {
        String file = pattern.fill(field -> value(field, epoch, batch, logs));
        if (!isDue(epoch, logs, file)) {
            return;
        }
        Path path = Path.of(file);
        createFolderOf(path);
        if (saveWeightsOnly) {
            run.saveWeights(path);
        } else {
            run.save(path);
        }
        announcer.say(epoch, "finished saving model to " + file);
    }

    private Number value(String field, int epoch, int batch, Logs logs) {
        if (field.equals(EPOCH)) {
            return epoch + 1;
        }
        if (logs.contains(field)) {
            return logs.value(field);
        }
        if (field.equals(BATCH) && batch >= 0) {
            return batch + 1;
        }
        throw new InvalidInputException(
                OWNER + ": file name '" + pattern + "': there is no value '" + field + "' in " + logs.names());
    }

    private boolean isDue(int epoch, Logs logs, String file) {
        if (!saveBestOnly) {
            announcer.say(epoch, "saving model to " + file);
            return true;
        }
        if (!monitor.isIn(logs)) {
            return true;
        }
        double current = logs.value(monitor.name());
        String before = best == null ? "None" : PythonFloat.fixed(best, 5);
        if (!monitor.improves(current, best)) {
            announcer.say(epoch, monitor.name() + " did not improve from " + before);
            return false;
        }
        announcer.say(
                epoch,
                monitor.name() + " improved from " + before + " to " + PythonFloat.fixed(current, 5)
                        + ", saving model to " + file);
        best = current;
        return true;
    }

    private static void createFolderOf(Path file) {
        Path folder = file.getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw Targets.unwritable(OWNER, folder, e);
        }
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("best", State.text(best));
        state.put("epoch", currentEpoch);
        state.put("batches_seen", frequency.seen());
        return state;
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        State kept = new State(OWNER, state);
        best = kept.number("best");
        currentEpoch = kept.integer("epoch");
        frequency.seen(kept.integer("batches_seen"));
    }
}
