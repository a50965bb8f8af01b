package dev.rekur.training.callback;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stops a training whose monitored value has not improved by more than {@code minDelta} for {@code patience} epochs; the
 * first epoch never stops it. With {@code restoreBestWeights} the training ends with the weights of the best epoch, whether
 * it was stopped or not.
 *
 * <pre>EarlyStopping.on("val_loss").patience(5).restoreBestWeights()</pre>
 *
 * <p>Follows {@code keras/src/callbacks/early_stopping.py} of Keras 3.15.1.
 */
public final class EarlyStopping implements Callback {
    private static final String OWNER = "EarlyStopping";

    private final Monitor monitor;
    private final Announcer announcer = new Announcer();
    private int patience;
    private @Nullable Double baseline;
    private boolean restoreBestWeights;
    private int startFromEpoch;

    private int wait;
    private int stoppedEpoch;
    private int bestEpoch;
    private @Nullable Double best;
    private @Nullable Weights bestWeights;
    private @Nullable Graph graph;

    private EarlyStopping(String monitor) {
        this.monitor = new Monitor(OWNER, monitor, 0);
    }

    /** On {@code val_loss}. */
    public static EarlyStopping create() {
        return on("val_loss");
    }

    /** On a logged value, with Keras's defaults: patience 0, no minimal change, no baseline. */
    public static EarlyStopping on(String monitor) {
        return new EarlyStopping(monitor);
    }

    /**
     * From texts under the names of Keras's arguments.
     *
     * @param messages where messages go if {@code verbose} is not 0
     * @throws dev.rekur.error.InvalidInputException if a name is unknown or a value none; says what there is
     */
    public static EarlyStopping fromSettings(Map<String, String> settings, Consumer<String> messages) {
        Settings read = new Settings(OWNER, settings);
        EarlyStopping callback = on(read.text("monitor", "val_loss"))
                .minDelta(read.number("min_delta", 0))
                .patience(read.count("patience", 0))
                .mode(MonitorMode.of(OWNER, read.text("mode", "auto")))
                .startFromEpoch(read.count("start_from_epoch", 0));
        callback.baseline = read.optionalNumber("baseline");
        callback.restoreBestWeights = read.flag("restore_best_weights", false);
        if (read.count("verbose", 0) > 0) {
            callback.verbose(messages);
        }
        read.finish();
        return callback;
    }

    /** The change that counts as improvement; its sign does not matter. */
    public EarlyStopping minDelta(double change) {
        monitor.minDelta(change);
        return this;
    }

    /** Epochs without improvement after which to stop. */
    public EarlyStopping patience(int epochs) {
        patience = epochs;
        return this;
    }

    public EarlyStopping mode(MonitorMode mode) {
        monitor.mode = mode;
        return this;
    }

    /** What an epoch has to beat besides the best one before patience starts anew. */
    public EarlyStopping baseline(double value) {
        baseline = value;
        return this;
    }

    public EarlyStopping restoreBestWeights() {
        restoreBestWeights = true;
        return this;
    }

    /** Epochs to look away from at first. */
    public EarlyStopping startFromEpoch(int epoch) {
        startFromEpoch = epoch;
        return this;
    }

    /** Says what it does, in Keras's words. */
    public EarlyStopping verbose(Consumer<String> messages) {
        announcer.to(messages);
        return this;
    }

    @Override
    public void check(Set<String> logNames) {
        monitor.check(logNames);
    }

    @Override
    public void trainBegin(TrainingRun run) {
        monitor.begin(run);
        wait = 0;
        stoppedEpoch = 0;
        bestEpoch = 0;
        best = null;
        bestWeights = null;
        graph = restoreBestWeights ? run.model().graph() : null;
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        if (!monitor.isIn(logs) || epoch < startFromEpoch) {
            return;
        }
        double current = logs.value(monitor.name());
        wait++;
        if (monitor.improves(current, best)) {
            best = current;
            bestEpoch = epoch;
            if (restoreBestWeights) {
                bestWeights = run.weights();
            }
            if (baseline == null || monitor.improves(current, baseline)) {
                wait = 0;
            }
        } else if (wait >= patience && epoch > 0) {
            stoppedEpoch = epoch;
            run.stop();
        }
    }

    @Override
    public void trainEnd(TrainingRun run, Logs logs) {
        if (stoppedEpoch > 0) {
            announcer.say("Epoch " + (stoppedEpoch + 1) + ": early stopping");
        }
        if (bestWeights != null) {
            announcer.say("Restoring model weights from the end of the best epoch: " + (bestEpoch + 1) + ".");
            run.restore(bestWeights);
        }
    }

    @Override
    public boolean restoresBestOfValidation() {
        return restoreBestWeights && monitor.name().startsWith("val_");
    }

    /** Epoch whose weights are the best, counted from 0. */
    public int bestEpoch() {
        return bestEpoch;
    }

    /** Epoch that stopped the training, counted from 0; 0 if none did. */
    public int stoppedEpoch() {
        return stoppedEpoch;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("wait", wait);
        state.put("stopped_epoch", stoppedEpoch);
        state.put("best_epoch", bestEpoch);
        state.put("best", State.text(best));
        if (graph != null && bestWeights != null) {
            state.put("best_weights", WeightsText.of(graph, bestWeights));
        }
        return state;
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        State kept = new State(OWNER, state);
        wait = kept.integer("wait");
        stoppedEpoch = kept.integer("stopped_epoch");
        bestEpoch = kept.integer("best_epoch");
        best = kept.number("best");
        bestWeights = graph == null || best == null ? null : WeightsText.read(graph, kept, "best_weights");
    }
}
