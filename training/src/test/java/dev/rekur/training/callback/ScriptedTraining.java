package dev.rekur.training.callback;

import static dev.rekur.training.KerasVectors.list;
import static dev.rekur.training.KerasVectors.number;
import static dev.rekur.training.KerasVectors.object;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Drives callbacks over the values of a vector, as {@code run} of the script that made it drives Keras's. */
final class ScriptedTraining {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Object> vector;
    private final Path folder;
    final ScriptedRun run;
    final List<Double> rates = new ArrayList<>();
    private History history = new History();
    private CallbackList callbacks;

    ScriptedTraining(Map<String, Object> vector, Path folder) {
        this.vector = vector;
        this.folder = folder;
        this.run = new ScriptedRun(number(vector.get("rate")));
        this.callbacks = made();
    }

    History history() {
        return history;
    }

    private CallbackList made() {
        List<Callback> made = new ArrayList<>();
        for (Object description : list(vector.get("callbacks"))) {
            made.add(callback(
                    (String) Objects.requireNonNull(list(description).get(0)),
                    settings(list(description).get(1))));
        }
        history = new History();
        made.add(history);
        return CallbackList.of(made);
    }

    private static Map<String, String> settings(@Nullable Object arguments) {
        Map<String, String> settings = new HashMap<>();
        object(arguments).forEach((name, value) -> settings.put(name, String.valueOf(value)));
        return settings;
    }

    private Callback callback(String name, Map<String, String> settings) {
        return switch (name) {
            case "EarlyStopping" -> EarlyStopping.fromSettings(settings, this::say);
            case "ReduceLROnPlateau" -> ReduceLrOnPlateau.fromSettings(settings, this::say);
            case "ModelCheckpoint" -> ModelCheckpoint.fromSettings(taken(settings, "filepath"), settings, this::say);
            case "CSVLogger" -> CsvLogger.fromSettings(folder.resolve(taken(settings, "filename")), settings);
            case "TerminateOnNaN" -> TerminateOnNaN.create().verbose(this::say);
            case "BackupAndRestore" -> {
                settings.put(
                        "backup_dir",
                        folder.resolve(taken(settings, "backup_dir")).toString());
                yield BackupAndRestore.fromSettings(settings);
            }
            case "LearningRateScheduler" -> {
                LearningRateScheduler scheduler = LearningRateScheduler.of(schedule(taken(settings, "schedule")));
                yield "1".equals(settings.get("verbose")) ? scheduler.verbose(this::say) : scheduler;
            }
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String taken(Map<String, String> settings, String key) {
        return Objects.requireNonNull(settings.remove(key));
    }

    private static LearningRateScheduler.Schedule schedule(String name) {
        return switch (name) {
            case "halve" -> (epoch, rate) -> rate * 0.5;
            case "steps" -> (epoch, rate) -> epoch < 3 ? 0.1 : 0.01;
            default -> (epoch, rate) -> 0.001 * (epoch + 1);
        };
    }

    private void say(String message) {
        run.events.add("say " + message);
    }

    /**
     * Runs to the end.
     *
     * @param interruptedAfter the epoch after which all callbacks are made anew and go on from their state, or -1
     */
    void fit(int interruptedAfter) {
        List<@Nullable Object> epochs = list(vector.get("epochs"));
        Logs logs = new Logs();
        callbacks.trainBegin(run);
        for (int epoch = 0; epoch < epochs.size() && !run.isStopping(); epoch++) {
            run.epoch = epoch;
            callbacks.epochBegin(run, epoch);
            batches(epoch);
            logs = logs(list(epochs.get(epoch)));
            callbacks.epochEnd(run, epoch, logs);
            rates.add(run.learningRate());
            if (epoch == interruptedAfter) {
                resume();
            }
        }
        callbacks.trainEnd(run, logs);
    }

    private void batches(int epoch) {
        if (!vector.containsKey("batches")) {
            return;
        }
        List<@Nullable Object> losses = list(list(vector.get("batches")).get(epoch));
        for (int batch = 0; batch < losses.size() && !run.isStopping(); batch++) {
            callbacks.batchBegin(run, batch);
            callbacks.batchEnd(run, batch, new Logs().put("loss", number(losses.get(batch))));
        }
    }

    private Logs logs(List<@Nullable Object> row) {
        Map<String, Double> values = new LinkedHashMap<>();
        List<@Nullable Object> names = list(vector.get("names"));
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i) != null) {
                values.put(String.valueOf(names.get(i)), number(row.get(i)));
            }
        }
        return Logs.sorted(values);
    }

    /** New callbacks take the state of the old ones, which has been through JSON. */
    private void resume() {
        String kept = JSON.writeValueAsString(callbacks.state());
        callbacks = made();
        callbacks.trainBegin(run);
        callbacks.restoreState(object(JSON.readValue(kept, Map.class)));
    }
}
