package dev.rekur.model;

import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Outline.Variable;
import dev.rekur.model.Summary.Size;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many numbers an optimizer keeps once Keras 3.15 has built it, which it does on loading a model.
 *
 * <p>A file of a model that was never trained holds only the iteration and the learning rate, so the rest follows from
 * the optimizer's configuration: the {@code build} methods in {@code keras/src/optimizers/}.
 *
 * <p>Of an {@code .h5} file Keras builds the optimizer for the variables that the model itself holds and not its layers: for none
 * ({@code load_model_from_hdf5} in {@code keras/src/legacy/saving/legacy_h5_format.py}), and only if the file has the optimizer's
 * variables.
 */
final class OptimizerSize {
    private static final int LONG = 8;
    private static final int FLOAT = 4;
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\w/ -]*");

    private OptimizerSize() {}

    /**
     * The size, or empty if Keras does not build the optimizer.
     *
     * @param variables those that training moves
     */
    static Optional<Size> of(CompileConfiguration configuration, List<Variable> variables) {
        Object legacy = configuration.config().get("optimizer_config");
        if (legacy != null) {
            return configuration.optimizerVariables().isEmpty() ? Optional.empty() : built(legacy, List.of());
        }
        // Keras compiles with its default where the file says nothing, not even that there is none
        return built(configuration.config().getOrDefault("optimizer", "rmsprop"), variables)
                .or(() -> stored(configuration.optimizerVariables()));
    }

    private static Optional<Size> stored(List<OptimizerVariable> variables) {
        return variables.stream()
                .map(variable -> variable.whole() != null
                        ? new Size(1, LONG)
                        : new Size(
                                variable.value().size(),
                                FLOAT * variable.value().size()))
                .reduce(Size::plus);
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
                outsideMuon(config, variables)
                        .map(outside -> common.plus(slots(1, variables)).plus(slots(1, outside)));
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

    /**
     * What Muon leaves to Adam, which needs a second slot: all but matrices, embeddings, and layers excluded by name. Empty if
     * one is excluded by more than its name: Rekur runs no regular expression from a file.
     */
    private static Optional<List<Variable>> outsideMuon(Map<?, ?> config, List<Variable> variables) {
        boolean embeddings = !Boolean.FALSE.equals(config.get("exclude_embeddings"));
        List<String> excluded = config.get("exclude_layers") instanceof List<?> names
                ? names.stream().map(String::valueOf).toList()
                : List.of();
        if (!excluded.stream().allMatch(name -> PLAIN_NAME.matcher(name).matches())) {
            return Optional.empty();
        }
        return Optional.of(variables.stream()
                .filter(variable -> variable.shape().rank() != 2
                        || embeddings
                                && variable.path().toLowerCase(Locale.ROOT).contains("embedding")
                        || excluded.stream().anyMatch(variable.path()::contains))
                .toList());
    }

    private static boolean isSet(Map<?, ?> config, String key) {
        Object value = config.get(key);
        return value instanceof Boolean flag ? flag : value instanceof Number number && number.doubleValue() != 0;
    }
}
