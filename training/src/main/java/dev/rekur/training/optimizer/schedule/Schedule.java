package dev.rekur.training.optimizer.schedule;

import dev.rekur.layer.LayerConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A learning rate that follows from the number of steps taken, computed in single precision in Keras's order.
 *
 * <p>Follows {@code keras/src/optimizers/schedules/learning_rate_schedule.py}, Keras 3.15.
 */
public sealed interface Schedule extends LearningRate
        permits CosineDecay,
                CosineDecayRestarts,
                ExponentialDecay,
                InverseTimeDecay,
                PiecewiseConstantDecay,
                PolynomialDecay {
    /** Keras's name. */
    default String className() {
        return getClass().getSimpleName();
    }

    /** Keras's configuration, complete. */
    Map<String, Object> config();

    @Override
    default Map<String, Object> serialized() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.optimizers.schedules");
        object.put("class_name", className());
        object.put("config", config());
        object.put("registered_name", null);
        return object;
    }

    /**
     * Reads a schedule as Keras 3 or 2 serializes it; problems are reported to the configuration, and then the result may
     * be empty.
     *
     * @param object {@code {class_name, config, ...}}
     */
    static Optional<Schedule> read(LayerConfig object) {
        SortedMap<String, Function<LayerConfig, Schedule>> readers = new TreeMap<>(Map.of(
                "CosineDecay", CosineDecay::fromConfig,
                "CosineDecayRestarts", CosineDecayRestarts::fromConfig,
                "ExponentialDecay", ExponentialDecay::fromConfig,
                "InverseTimeDecay", InverseTimeDecay::fromConfig,
                "PiecewiseConstantDecay", PiecewiseConstantDecay::fromConfig,
                "PolynomialDecay", PolynomialDecay::fromConfig));
        String name = object.text("class_name", "");
        Object registered = object.raw("registered_name");
        boolean custom = registered instanceof String text && text.contains(">");
        @Nullable Function<LayerConfig, Schedule> reader = custom ? null : readers.get(name);
        if (reader == null) {
            object.problem(
                    "learning-rate schedule '" + (custom ? registered : name) + "' is not supported",
                    "Supported: " + readers.keySet() + ". Or compile the model with a number.");
            return Optional.empty();
        }
        return object.object("config").map(config -> {
            Schedule schedule = reader.apply(config);
            config.reportUnread();
            return schedule;
        });
    }
}
