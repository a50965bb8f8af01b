package dev.rekur.training.loss;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.layer.LayerConfig;
import dev.rekur.training.config.SerializedObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The losses that files and callers may name: Keras 3's classes, functions and aliases ({@code keras/src/losses/__init__.py},
 * Keras 3.15.1), and what Keras 2 called them.
 */
public final class Losses {
    /** Each loss: reads its configuration, and what it is called. */
    private static final List<Entry> ENTRIES = List.of(
            entry(config -> ElementwiseLoss.MEAN_SQUARED_ERROR, "mse", "MSE"),
            entry(config -> ElementwiseLoss.MEAN_ABSOLUTE_ERROR, "mae", "MAE"),
            entry(config -> ElementwiseLoss.MEAN_ABSOLUTE_PERCENTAGE_ERROR, "mape", "MAPE"),
            entry(config -> ElementwiseLoss.MEAN_SQUARED_LOGARITHMIC_ERROR, "msle", "MSLE"),
            entry(config -> ElementwiseLoss.LOG_COSH, "logcosh"),
            entry(config -> ElementwiseLoss.POISSON),
            entry(config -> new Huber(config.number("delta", 1)), "huber_loss"),
            entry(config -> HingeLoss.HINGE),
            entry(config -> HingeLoss.SQUARED_HINGE),
            entry(config -> new CategoricalHinge()),
            entry(config -> new KlDivergence(), "kld", "KLD", "kullback_leibler_divergence"),
            entry(Losses::cosineSimilarity),
            entry(Losses::sparseCategoricalCrossentropy),
            entry(config -> new CategoricalCrossentropy(fromLogits(config), smoothing(config))),
            entry(config -> new BinaryCrossentropy(fromLogits(config), smoothing(config)), "bce", "BCE"),
            entry(Losses::binaryFocalCrossentropy),
            entry(Losses::categoricalFocalCrossentropy),
            entry(config -> new UndecidedCrossentropy(), "Crossentropy", "ce", "CE"));

    private static final Map<String, Entry> BY_NAME = byName();

    /**
     * @param read makes the function of its configuration, acknowledging its keys
     * @param names what it is called besides its class and function
     */
    private record Entry(Function<LayerConfig, LossFunction> read, Set<String> names) {}

    private Losses() {}

    /**
     * The loss of this name, with Keras's defaults.
     *
     * @throws UnsupportedModelException if there is none; says which there are
     */
    public static Loss named(String name) {
        return require(name);
    }

    /**
     * A loss with a configuration.
     *
     * @param className the class in Keras: {@code "SparseCategoricalCrossentropy"}
     * @param config its configuration, as in Keras: {@code Map.of("from_logits", true)}
     * @throws UnsupportedModelException if there is no such loss, or none with such a configuration
     */
    public static Loss named(String className, Map<String, ?> config) {
        return require(Map.of("class_name", className, "config", config));
    }

    /**
     * Reads a loss from a compile configuration.
     *
     * @param place JSON path of the loss
     * @param serialized a name, an object, or a function, as Keras 3 or Keras 2 writes it
     * @param problems receives what is wrong; then the result may be empty or a stand-in
     */
    public static Optional<Loss> fromConfig(String place, @Nullable Object serialized, List<Problem> problems) {
        return SerializedObject.read("loss", place, serialized, problems).flatMap(object -> read(object, problems));
    }

    /**
     * Reads a loss's function alone, for metrics, which have no reduction.
     *
     * @param name the function's, or its class's
     * @return empty if there is no such function
     */
    public static Optional<LossFunction> function(String name, LayerConfig config) {
        return Optional.ofNullable(BY_NAME.get(name)).map(entry -> entry.read().apply(config));
    }

    /** Every name there is, sorted. */
    public static List<String> names() {
        return List.copyOf(new TreeSet<>(BY_NAME.keySet()));
    }

    private static Optional<Loss> read(SerializedObject object, List<Problem> problems) {
        LayerConfig config = object.config();
        Optional<LossFunction> function = object.name().equals("LossFunctionWrapper")
                ? wrapped(config, problems)
                : function(object.name(), config);
        if (function.isEmpty()) {
            object.reportUnsupported(names());
            return Optional.empty();
        }
        object.readCommonKeys();
        config.acknowledge("fn"); // Keras 2 repeats the function's name there
        boolean isClass = function.get().className().equals(object.name());
        String defaultName = isClass ? function.get().defaultName() : object.name();
        String name = config.text("name", defaultName);
        LossReduction reduction = reduction(config);
        config.reportUnread();
        boolean isText = object.form() != SerializedObject.Form.OBJECT;
        return Optional.of(new Loss(function.get(), name, reduction, isText ? object.name() : null));
    }

    /** A function of Keras wrapped as a loss by hand: {@code LossFunctionWrapper(fn, **kwargs)}. */
    private static Optional<LossFunction> wrapped(LayerConfig config, List<Problem> problems) {
        return SerializedObject.read("loss function", config.place() + ".fn", config.raw("fn"), problems)
                .map(function -> BY_NAME.get(function.name()))
                .map(entry -> entry.read().apply(config));
    }

    private static LossReduction reduction(LayerConfig config) {
        String name = config.text("reduction", "none");
        boolean given = config.values().containsKey("reduction");
        Optional<LossReduction> reduction = LossReduction.named(given ? name : "sum_over_batch_size");
        if (reduction.isEmpty()) {
            config.problem(
                    "reduction '" + name + "' is not supported",
                    "A training needs one number: sum_over_batch_size, mean, mean_with_sample_weight or sum",
                    "docs/TROUBLESHOOTING.md#unsupported-training-object");
        }
        return reduction.orElse(LossReduction.SUM_OVER_BATCH_SIZE);
    }

    private static LossFunction cosineSimilarity(LayerConfig config) {
        requireLastAxis(config);
        return new CosineSimilarity(-1);
    }

    private static LossFunction sparseCategoricalCrossentropy(LayerConfig config) {
        requireLastAxis(config);
        Integer ignoreClass = config.has("ignore_class") ? config.integer("ignore_class", Integer.MIN_VALUE) : null;
        return new SparseCategoricalCrossentropy(config.flag("from_logits", false), ignoreClass);
    }

    private static LossFunction binaryFocalCrossentropy(LayerConfig config) {
        return new BinaryFocalCrossentropy(
                config.flag("apply_class_balancing", false),
                config.number("alpha", 0.25),
                config.number("gamma", 2),
                fromLogits(config),
                smoothing(config));
    }

    private static LossFunction categoricalFocalCrossentropy(LayerConfig config) {
        return new CategoricalFocalCrossentropy(
                config.number("alpha", 0.25), config.number("gamma", 2), fromLogits(config), smoothing(config));
    }

    private static boolean fromLogits(LayerConfig config) {
        requireLastAxis(config);
        return config.flag("from_logits", false);
    }

    private static double smoothing(LayerConfig config) {
        double smoothing = config.number("label_smoothing", 0);
        if (smoothing < 0 || smoothing > 1) {
            config.problem("'label_smoothing': expected 0 to 1, found " + smoothing, "Check the model's compile().");
        }
        return smoothing;
    }

    private static void requireLastAxis(LayerConfig config) {
        Object axis = config.raw("axis");
        if (axis != null && !(axis instanceof Number number && number.doubleValue() == -1)) {
            config.problem("axis " + axis + " is not supported", "Rekur has losses along the last axis, -1.");
        }
    }

    private static Loss require(Object serialized) {
        List<Problem> problems = new ArrayList<>();
        Optional<Loss> loss = fromConfig("", serialized, problems);
        if (!problems.isEmpty()) {
            throw new UnsupportedModelException("", problems);
        }
        return loss.orElseThrow();
    }

    private static Entry entry(Function<LayerConfig, LossFunction> read, String... aliases) {
        return new Entry(read, Set.of(aliases));
    }

    private static Map<String, Entry> byName() {
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (Entry entry : ENTRIES) {
            SerializedObject none =
                    SerializedObject.read("loss", "", "", new ArrayList<>()).orElseThrow();
            LossFunction function = entry.read().apply(none.config());
            byName.put(function.className(), entry);
            byName.put(function.functionName(), entry);
            entry.names().forEach(name -> byName.put(name, entry));
        }
        return byName;
    }
}
