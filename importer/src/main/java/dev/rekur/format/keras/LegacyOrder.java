package dev.rekur.format.keras;

import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.layer.WeightSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * In which order a legacy file holds the weights of a layer: those that are trained, then the others
 * ({@code _legacy_weights} in {@code legacy_h5_format.py} of Keras 3.15 and {@code hdf5_format.py} of Keras 2). That differs from
 * the order of the layer itself only for a model inside the model, of which some is trained and some is not. Keras goes by the
 * flags that it has when it reads the file; a Sequential model's own is not among what it reads again.
 */
final class LegacyOrder {
    private final int kerasMajor;
    private final List<WeightSpec> trained = new ArrayList<>();
    private final List<WeightSpec> others = new ArrayList<>();

    private LegacyOrder(int kerasMajor) {
        this.kerasMajor = kerasMajor;
    }

    /** The order in which Keras will read the weights of a layer. */
    static List<WeightSpec> of(GraphLayer layer, int kerasMajor) {
        if (!(layer.layer() instanceof NestedModel)
                || kerasMajor == 3
                        && !layer.trainable()
                        && !layer.layer().className().equals("Sequential")) {
            return layer.weights();
        }
        LegacyOrder order = new LegacyOrder(kerasMajor);
        order.add(layer, "");
        List<WeightSpec> weights = new ArrayList<>(order.trained);
        weights.addAll(order.others);
        return weights;
    }

    /** The order that a file's names tell of, or else the one in which Keras would read it. */
    static List<WeightSpec> of(GraphLayer layer, int kerasMajor, List<String> names) {
        List<WeightSpec> expected = of(layer, kerasMajor);
        if (!(layer.layer() instanceof NestedModel) || agree(expected, names)) {
            return expected;
        }
        // Keras writes a frozen Sequential model with a trained layer like this, and then cannot read it
        return agree(layer.weights(), names) ? layer.weights() : expected;
    }

    private void add(GraphLayer layer, String path) {
        if (layer.layer() instanceof NestedModel nested) {
            LegacyOrder inside = new LegacyOrder(kerasMajor);
            for (GraphLayer inner : nested.graph().layers()) {
                inside.add(inner, path.isEmpty() ? inner.name() : path + "/" + inner.name());
            }
            // for Keras 2, nothing in a frozen model is trained, but what would be otherwise comes first
            boolean frozen = kerasMajor == 2 && !layer.trainable();
            (frozen ? others : trained).addAll(inside.trained);
            others.addAll(inside.others);
            return;
        }
        boolean frozen = kerasMajor == 2 && !layer.trainable(); // a Bidirectional's own flag counts for Keras 2 alone
        for (WeightSpec weight : layer.weights()) {
            (!frozen && layer.trains(weight) ? trained : others).add(weight.within(path));
        }
    }

    /** Whether names may be those of the weights: the variable's own, and that of the layer that holds it before it. */
    private static boolean agree(List<WeightSpec> weights, List<String> names) {
        if (weights.size() != names.size()) {
            return false;
        }
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).replaceFirst(":\\d+$", "");
            String owner = weights.get(i).owner();
            String layer = owner.substring(0, owner.indexOf('/') < 0 ? owner.length() : owner.indexOf('/'));
            if (!name.endsWith("/" + weights.get(i).name()) || !("/" + name).contains("/" + layer + "/")) {
                return false;
            }
        }
        return true;
    }
}
