package dev.rekur.training.callback;

import dev.rekur.error.InvalidInputException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A logged value that is watched for improvement: {@code value - delta > best} where more is better, {@code value + delta <
 * best} where less is, both sides rounded to float32 as Keras's operations round them. The first value is always better;
 * NaN never is, nor is anything better than NaN.
 *
 * <p>Follows {@code keras/src/callbacks/monitor_callback.py} of Keras 3.15.1.
 */
final class Monitor {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

    private final String owner;
    private final String name;
    MonitorMode mode = MonitorMode.AUTO;
    private MonitorMode direction = MonitorMode.AUTO;
    private double minDelta;

    Monitor(String owner, String name, double minDelta) {
        this.owner = owner;
        this.name = name;
        this.minDelta = minDelta;
    }

    String name() {
        return name;
    }

    void minDelta(double value) {
        minDelta = Math.abs(value);
    }

    /** Requires that the value will be there. */
    void check(Set<String> logNames) {
        if (!logNames.contains(name)) {
            throw new InvalidInputException(
                    owner + ": expected a value that is logged, found monitor '" + name + "'. There are "
                            + String.join(", ", new TreeSet<>(logNames))
                            + (name.startsWith("val_") ? "; values with val_ need validation data" : ""));
        }
    }

    /** Decides which way is better. */
    void begin(TrainingRun run) {
        direction = mode != MonitorMode.AUTO
                ? mode
                : run.direction(name.startsWith("val_") ? name.substring(4) : name)
                        .orElseThrow(() -> new InvalidInputException(owner + ": whether more or less of '" + name
                                + "' is better does not follow from its name. Set the mode to min or max"));
    }

    /** Whether the logs have the value; if not, the log says so. */
    boolean isIn(Logs logs) {
        boolean there = logs.contains(name);
        if (!there) {
            LOG.warn("{}: '{}' is not available; there are {}", owner, name, logs.names());
        }
        return there;
    }

    boolean improves(double value, @Nullable Double reference) {
        if (reference == null) {
            return true;
        }
        return direction == MonitorMode.MAX
                ? (float) (value - minDelta) > reference.floatValue()
                : (float) (value + minDelta) < reference.floatValue();
    }
}
