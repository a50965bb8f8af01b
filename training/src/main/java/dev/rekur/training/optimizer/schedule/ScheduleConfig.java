package dev.rekur.training.optimizer.schedule;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.LayerConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What reading and writing the configurations of schedules have in common. */
final class ScheduleConfig {
    private ScheduleConfig() {}

    /** A number that Keras has no default for. */
    static double required(LayerConfig config, String key) {
        if (!config.has(key)) {
            config.problem("'" + key + "' is missing", "Check the model that wrote the file");
        }
        return config.number(key, 1);
    }

    /** A number of steps, above zero, that Keras has no default for. */
    static double requiredSteps(LayerConfig config, String key) {
        double steps = required(config, key);
        if (steps > 0) {
            return steps;
        }
        config.problem("'" + key + "': expected more than 0, found " + steps, "Check the model that wrote the file");
        return 1;
    }

    /**
     * @throws InvalidInputException if it is not above zero
     */
    static void requireSteps(String schedule, double steps) {
        if (!(steps > 0)) {
            throw new InvalidInputException(schedule + ": expected more than 0 decay steps, found " + steps);
        }
    }

    /** A configuration from keys and values in turn, in Keras's order. */
    static Map<String, Object> of(@Nullable Object... keysAndValues) {
        Map<String, Object> config = new LinkedHashMap<>();
        List<@Nullable Object> list = Arrays.asList(keysAndValues);
        for (int i = 0; i < list.size(); i += 2) {
            config.put(String.valueOf(list.get(i)), list.get(i + 1));
        }
        return config;
    }

    /** Whole numbers without a point, as Python writes an int. */
    static Number steps(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return (long) number;
        }
        return number;
    }
}
