package dev.rekur.training.optimizer.schedule;

import dev.rekur.error.InvalidInputException;
import dev.rekur.layer.LayerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Goes down in stairs: {@code values[0]} up to and including step {@code boundaries[0]}, then {@code values[1]} up to and
 * including {@code boundaries[1]}, and so on.
 *
 * @param boundaries ascending; Keras cuts fractions off
 * @param values one more than boundaries
 * @param name Keras's name of the object
 */
public record PiecewiseConstantDecay(List<Long> boundaries, List<Double> values, String name) implements Schedule {
    private static final String NAME = "PiecewiseConstant";

    public PiecewiseConstantDecay {
        boundaries = List.copyOf(boundaries);
        values = List.copyOf(values);
        if (boundaries.isEmpty() || values.size() != boundaries.size() + 1) {
            throw new InvalidInputException("PiecewiseConstantDecay: expected boundaries and one value more, found "
                    + boundaries.size() + " boundaries and " + values.size() + " values");
        }
    }

    public PiecewiseConstantDecay(List<Long> boundaries, List<Double> values) {
        this(boundaries, values, NAME);
    }

    static PiecewiseConstantDecay fromConfig(LayerConfig config) {
        List<Long> boundaries =
                numbers(config, "boundaries").stream().map(Double::longValue).toList();
        List<Double> values = numbers(config, "values");
        String name = config.text("name", NAME);
        if (boundaries.isEmpty() || values.size() != boundaries.size() + 1) {
            config.problem(
                    "expected 'boundaries' and one of 'values' more, found " + boundaries.size() + " and "
                            + values.size(),
                    "Check the model that wrote the file");
            return new PiecewiseConstantDecay(List.of(1L), List.of(1.0, 1.0), name);
        }
        return new PiecewiseConstantDecay(boundaries, values, name);
    }

    private static List<Double> numbers(LayerConfig config, String key) {
        List<Double> numbers = new ArrayList<>();
        if (config.raw(key) instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Number number) {
                    numbers.add(number.doubleValue());
                }
            }
            if (numbers.size() == list.size()) {
                return numbers;
            }
        }
        config.problem("'" + key + "': expected a list of numbers", "Check the model that wrote the file");
        return List.of();
    }

    /** A sum over the stairs, all but one of which are zero, as Keras computes it. */
    @Override
    public float at(long step) {
        int last = boundaries.size() - 1;
        float rate = 0;
        rate += step <= boundaries.get(0) ? value(0) : 0;
        rate += step > boundaries.get(last) ? value(last + 1) : 0;
        for (int i = 0; i < last; i++) {
            rate += step > boundaries.get(i) && step <= boundaries.get(i + 1) ? value(i + 1) : 0;
        }
        return rate;
    }

    private float value(int index) {
        return values.get(index).floatValue();
    }

    @Override
    public Map<String, Object> config() {
        return ScheduleConfig.of("boundaries", boundaries, "values", values, "name", name);
    }
}
