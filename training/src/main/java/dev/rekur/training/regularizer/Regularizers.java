package dev.rekur.training.regularizer;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.layer.LayerConfig;
import dev.rekur.training.config.SerializedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The regularizers that files may name: Keras 3.15.1's classes, their names in snake case, and what Keras 2 called them. */
public final class Regularizers {
    private static final double DEFAULT_COST = 0.01;

    private static final List<String> NAMES = List.of("L1", "L2", "L1L2", "OrthogonalRegularizer");

    private Regularizers() {}

    /**
     * The regularizer of this name, with Keras's defaults: {@code "l2"} costs 0.01.
     *
     * @throws UnsupportedModelException if there is none; says which there are
     */
    public static Regularizer named(String name) {
        List<Problem> problems = new ArrayList<>();
        Optional<Regularizer> regularizer = fromConfig("", name, problems);
        return regularizer.orElseThrow(() -> new UnsupportedModelException("regularizer", problems));
    }

    /**
     * Reads a regularizer.
     *
     * @param place JSON path of the regularizer
     * @param serialized a name or an object, as Keras 3 or Keras 2 writes it; null for none
     * @param problems receives what is wrong; then the result may be empty or a stand-in
     */
    public static Optional<Regularizer> fromConfig(String place, @Nullable Object serialized, List<Problem> problems) {
        if (serialized == null) {
            return Optional.empty();
        }
        return SerializedObject.read("regularizer", place, serialized, problems).flatMap(Regularizers::read);
    }

    private static Optional<Regularizer> read(SerializedObject object) {
        LayerConfig config = object.config();
        Optional<Regularizer> regularizer =
                switch (object.name()) {
                    case "L1", "l1" -> Optional.of(L1L2.l1(cost(config, "l1", DEFAULT_COST)));
                    case "L2", "l2" -> Optional.of(L1L2.l2(cost(config, "l2", DEFAULT_COST)));
                    case "L1L2", "l1l2", "l1_l2" -> Optional.of(L1L2.of(cost(config, "l1", 0), cost(config, "l2", 0)));
                    case "OrthogonalRegularizer", "orthogonal_regularizer" ->
                        Optional.of(new OrthogonalRegularizer(
                                cost(config, "factor", DEFAULT_COST),
                                OrthogonalRegularizer.Mode.valueOf(
                                        config.oneOf("mode", "rows", List.of("rows", "columns"))
                                                .toUpperCase(Locale.ROOT))));
                    default -> Optional.empty();
                };
        if (regularizer.isEmpty()) {
            object.reportUnsupported(NAMES);
        } else {
            config.reportUnread();
        }
        return regularizer;
    }

    private static double cost(LayerConfig config, String key, double fallback) {
        double cost = config.number(key, fallback);
        if (cost < 0) {
            config.problem("'" + key + "': expected 0 or more, found " + cost, "Check the layer's configuration.");
        }
        return cost;
    }
}
