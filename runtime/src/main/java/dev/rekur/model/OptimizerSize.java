package dev.rekur.model;

import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Summary.Size;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many numbers an optimizer keeps once Keras 3.15 has built it, which it does on loading a model.
 *
 * <p>A file of a model that was never trained holds only the iteration and the learning rate, so the rest follows from
 * the optimizer's configuration: the {@code build} methods in {@code keras/src/optimizers/}.
 */
final class OptimizerSize {
    private static final int LONG = 8;
    private static final int FLOAT = 4;

    private OptimizerSize() {}

    /**
     * A variable that training moves.
     *
     * @param path its name with those of the objects that hold it
     */
    record Variable(String path, Shape shape, int bytes) {
        Size size() {
            return new Size(shape.size(), (long) bytes * shape.size());
        }

        Size scalar() {
            return new Size(1, bytes);
        }
    }

    /** The size, or empty if the file names no optimizer. */
    static Optional<Size> of(CompileConfiguration configuration, List<Variable> variables) {
        Object optimizer = configuration.config().get("optimizer");
        if (optimizer == null) {
            optimizer = configuration.config().get("optimizer_config");
        }
        return built(optimizer, variables).or(() -> stored(configuration.optimizerVariables()));
    }

    private static Optional<Size> stored(List<OptimizerVariable> variables) {
        long numbers = variables.stream()
                .mapToLong(variable -> variable.value().size())
                .sum();
        boolean counted =
                variables.stream().anyMatch(variable -> variable.name().contains("iteration"));
        return numbers == 0
                ? Optional.empty()
                : Optional.of(new Size(numbers, numbers * FLOAT + (counted ? LONG - FLOAT : 0)));
    }

    private static Optional<Size> built(@Nullable Object optimizer, List<Variable> variables) {
        if (optimizer instanceof String name) {
            return built(name, Map.of(), variables);
        }
        if (optimizer instanceof Map<?, ?> object
                && object.get("class_name") instanceof String name
                && object.get("config") instanceof Map<?, ?> config) {
            return built(name, config, variables);
        }
        return Optional.empty();
    }

    private static Optional<Size> built(String name, Map<?, ?> config, List<Variable> variables) {
        String kind = name.substring(name.lastIndexOf('>') + 1).toLowerCase(Locale.ROOT);
        Size counters = new Size(1, LONG);
        // a schedule is not a variable
        if (!(config.get("learning_rate") instanceof Map)) {
            counters = counters.plus(new Size(1, FLOAT));
        }
        if (kind.equals("lossscaleoptimizer")) {
            Size own = counters.plus(new Size(1, LONG)).plus(new Size(1, FLOAT));
            return built(config.get("inner_optimizer"), variables).map(own::plus);
        }
        int copies = (isSet(config, "use_ema") ? 1 : 0) + (isSet(config, "gradient_accumulation_steps") ? 1 : 0);
        Size common = counters.plus(slots(copies, variables));
        return switch (kind) {
            case "sgd" -> Optional.of(common.plus(slots(isSet(config, "momentum") ? 1 : 0, variables)));
            case "rmsprop" ->
                Optional.of(common.plus(slots(
                        1 + (isSet(config, "momentum") ? 1 : 0) + (isSet(config, "centered") ? 1 : 0), variables)));
            case "adagrad", "lion" -> Optional.of(common.plus(slots(1, variables)));
            case "adam", "adamw" -> Optional.of(common.plus(slots(isSet(config, "amsgrad") ? 3 : 2, variables)));
            case "adadelta", "adamax", "ftrl", "lamb", "schedulefreeadamw" ->
                Optional.of(common.plus(slots(2, variables)));
            case "nadam" ->
                Optional.of(common.plus(slots(2, variables))
                        .plus(
                                variables.isEmpty()
                                        ? new Size(1, FLOAT)
                                        : variables.get(0).scalar()));
            case "adafactor" -> Optional.of(common.plus(factored(variables)));
            case "muon" ->
                isEmpty(config.get("exclude_layers"))
                        ? Optional.of(common.plus(slots(1, variables)).plus(slots(1, outsideMuon(config, variables))))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Size slots(int perVariable, List<Variable> variables) {
        Size size = Size.NONE;
        for (int slot = 0; slot < perVariable; slot++) {
            for (Variable variable : variables) {
                size = size.plus(variable.size());
            }
        }
        return size;
    }

    /** Adafactor keeps a variable's size and its last two dimensions apart; for vectors, two placeholders. */
    private static Size factored(List<Variable> variables) {
        Size size = slots(1, variables);
        for (Variable variable : variables) {
            Shape shape = variable.shape();
            if (shape.rank() < 2) {
                size = size.plus(new Size(2, 2 * FLOAT));
            } else {
                long rows = shape.size() / Math.max(1, shape.last());
                long columns = shape.size() / Math.max(1, shape.dimension(-2));
                size = size.plus(new Size(rows + columns, (rows + columns) * variable.bytes()));
            }
        }
        return size;
    }

    /** What Muon leaves to Adam, which needs a second slot: all but matrices, and embeddings. */
    private static List<Variable> outsideMuon(Map<?, ?> config, List<Variable> variables) {
        boolean embeddings = !Boolean.FALSE.equals(config.get("exclude_embeddings"));
        return variables.stream()
                .filter(variable -> variable.shape().rank() != 2
                        || embeddings
                                && variable.path().toLowerCase(Locale.ROOT).contains("embedding"))
                .toList();
    }

    private static boolean isEmpty(@Nullable Object list) {
        return list == null || list instanceof List<?> names && names.isEmpty();
    }

    private static boolean isSet(Map<?, ?> config, String key) {
        Object value = config.get(key);
        return value instanceof Boolean flag ? flag : value instanceof Number number && number.doubleValue() != 0;
    }
}
