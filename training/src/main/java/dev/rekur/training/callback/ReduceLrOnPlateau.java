package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies the learning rate by {@code factor} when the monitored value has not improved by more than {@code minDelta} for
 * {@code patience} epochs, then looks away for {@code cooldown} epochs. The new rate is {@code max(rate * factor, minLr)},
 * computed in double from the float32 rate; it is not touched if it is not above {@code minLr} in float32.
 *
 * <p>Puts {@code learning_rate} into the epoch's logs: the rate the epoch was trained with.
 *
 * <p>Follows {@code keras/src/callbacks/reduce_lr_on_plateau.py} of Keras 3.15.1.
 */
public final class ReduceLrOnPlateau implements Callback {
    static final String LEARNING_RATE = "learning_rate";

    private static final String OWNER = "ReduceLROnPlateau";

    private final Monitor monitor;
    private final Announcer announcer = new Announcer();
    private double factor = 0.1;
    private int patience = 10;
    private int cooldown;
    private double minLr;

    private int wait;
    private int cooldownCounter;
    private @Nullable Double best;

    private ReduceLrOnPlateau(String monitor) {
        this.monitor = new Monitor(OWNER, monitor, 1e-4);
    }

    /** On {@code val_loss}. */
    public static ReduceLrOnPlateau create() {
        return on("val_loss");
    }

    /** On a logged value, with Keras's defaults: factor 0.1, patience 10, minDelta 1e-4, no cooldown, minLr 0. */
    public static ReduceLrOnPlateau on(String monitor) {
        return new ReduceLrOnPlateau(monitor);
    }

    /**
     * From texts under the names of Keras's arguments.
     *
     * @param messages where messages go if {@code verbose} is not 0
     * @throws InvalidInputException if a name is unknown or a value none; says what there is
     */
    public static ReduceLrOnPlateau fromSettings(Map<String, String> settings, Consumer<String> messages) {
        Settings read = new Settings(OWNER, settings);
        ReduceLrOnPlateau callback = on(read.text("monitor", "val_loss"))
                .factor(read.number("factor", 0.1))
                .patience(read.count("patience", 10))
                .mode(MonitorMode.of(OWNER, read.text("mode", "auto")))
                .minDelta(read.number("min_delta", 1e-4))
                .cooldown(read.count("cooldown", 0))
                .minLr(read.number("min_lr", 0));
        if (read.count("verbose", 0) > 0) {
            callback.verbose(messages);
        }
        read.finish();
        return callback;
    }

    /**
     * What the rate is multiplied by.
     *
     * @throws InvalidInputException if it is 1 or more
     */
    public ReduceLrOnPlateau factor(double value) {
        if (value >= 1) {
            throw new InvalidInputException(OWNER + ": expected a factor below 1, found " + value);
        }
        factor = value;
        return this;
    }

    /** Epochs without improvement after which to reduce. */
    public ReduceLrOnPlateau patience(int epochs) {
        patience = epochs;
        return this;
    }

    public ReduceLrOnPlateau mode(MonitorMode mode) {
        monitor.mode = mode;
        return this;
    }

    /** The change that counts as improvement; its sign does not matter. */
    public ReduceLrOnPlateau minDelta(double change) {
        monitor.minDelta(change);
        return this;
    }

    /** Epochs after a reduction in which nothing is counted. */
    public ReduceLrOnPlateau cooldown(int epochs) {
        cooldown = epochs;
        return this;
    }

    /** The rate below which it does not go. */
    public ReduceLrOnPlateau minLr(double rate) {
        minLr = rate;
        return this;
    }

    /** Says what it does, in Keras's words. */
    public ReduceLrOnPlateau verbose(Consumer<String> messages) {
        announcer.to(messages);
        return this;
    }

    @Override
    public void check(Set<String> logNames) {
        Set<String> names = new HashSet<>(logNames);
        names.addAll(addedLogs());
        monitor.check(names);
    }

    @Override
    public Set<String> addedLogs() {
        return Set.of(LEARNING_RATE);
    }

    @Override
    public void trainBegin(TrainingRun run) {
        monitor.begin(run);
        best = null;
        cooldownCounter = 0;
        wait = 0;
    }

    @Override
    public void epochEnd(TrainingRun run, int epoch, Logs logs) {
        logs.put(LEARNING_RATE, run.learningRate());
        if (!monitor.isIn(logs)) {
            return;
        }
        double current = logs.value(monitor.name());
        if (cooldownCounter > 0) {
            cooldownCounter--;
            wait = 0;
        }
        if (monitor.improves(current, best)) {
            best = current;
            wait = 0;
        } else if (cooldownCounter <= 0) {
            wait++;
            if (wait >= patience && reduced(run, epoch)) {
                cooldownCounter = cooldown;
                wait = 0;
            }
        }
    }

    private boolean reduced(TrainingRun run, int epoch) {
        double old = run.learningRate();
        if (old <= (float) minLr) {
            return false;
        }
        double rate = Math.max(old * factor, minLr);
        run.learningRate(rate);
        announcer.say(epoch, OWNER + " reducing learning rate to " + PythonFloat.repr(rate) + ".");
        return true;
    }

    @Override
    public Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("wait", wait);
        state.put("cooldown_counter", cooldownCounter);
        state.put("best", State.text(best));
        return state;
    }

    @Override
    public void restoreState(Map<String, Object> state) {
        State kept = new State(OWNER, state);
        wait = kept.integer("wait");
        cooldownCounter = kept.integer("cooldown_counter");
        best = kept.number("best");
    }
}
