package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.format.hdf5.Hdf5Group;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Variables as {@code .h5} files of Keras 1 to 3 hold them: attribute {@code layer_names}, a group for each layer with
 * the attribute {@code weight_names}, each of which is a path below the group. See {@code legacy_h5_format.py} of Keras.
 */
final class LegacyVariables implements ModelVariables {
    private final String source;
    private final Hdf5Group root;
    private final Hdf5Group layers;

    /** Paths of weights by their names in the file, which the optimizer's variables are named for; "" if a name is not unique. */
    private final Map<String, String> weightPaths = new HashMap<>();

    LegacyVariables(String source, Hdf5File file) {
        this.source = source;
        this.root = file.root();
        this.layers = root.group("model_weights").orElse(root);
    }

    /** True if a file holds variables in this way. */
    static boolean recognizes(Hdf5File file) {
        return file.root().has("model_weights")
                || file.root().hasAttribute("layer_names")
                || file.root().hasAttribute("layer_names0");
    }

    @Override
    public Weights weights(ModelConfig model, Graph graph) {
        WeightReader reader = new WeightReader(model);
        Map<String, List<String>> stored = new HashMap<>();
        List<String> storedOrder = new ArrayList<>();
        for (String name : names(layers, "layer_names")) {
            Hdf5Group group = layers.group(name)
                    .orElseThrow(() -> damaged("layer_names has '" + name + "', but there is no such group"));
            List<String> weightNames = names(group, "weight_names");
            if (!weightNames.isEmpty()) {
                if (stored.put(name, weightNames) != null) {
                    throw damaged("layer_names has '" + name + "' twice");
                }
                storedOrder.add(name);
            }
        }
        List<GraphLayer> expected = new ArrayList<>();
        graph.layers().stream().filter(layer -> !layer.weights().isEmpty()).forEach(expected::add);
        Weights.Builder weights = Weights.builder();
        List<String> groups = match(reader, expected, storedOrder);
        for (int i = 0; i < expected.size(); i++) {
            readLayer(reader, expected.get(i), groups.get(i), stored.getOrDefault(groups.get(i), List.of()), weights);
        }
        return weights.build();
    }

    /** The group of each layer: by name, or where names are all different by order, as Keras does. */
    private static List<String> match(WeightReader reader, List<GraphLayer> expected, List<String> stored) {
        List<String> names = expected.stream().map(GraphLayer::name).toList();
        Set<String> known = new HashSet<>(names);
        Set<String> storedNames = new HashSet<>(stored);
        if (storedNames.containsAll(names)) {
            for (String name : stored) {
                if (!known.contains(name)) {
                    throw reader.surplus("no layer", "weights of a layer '" + name + "'");
                }
            }
            return names;
        }
        if (stored.size() == names.size() && stored.stream().noneMatch(known::contains)) {
            return stored;
        }
        for (GraphLayer layer : expected) {
            if (!storedNames.contains(layer.name())) {
                throw reader.missing(layer, layer.weights().get(0), "model_weights/" + layer.name());
            }
        }
        return names;
    }

    private void readLayer(
            WeightReader reader, GraphLayer layer, String name, List<String> weightNames, Weights.Builder weights) {
        Hdf5Group group = layers.group(name).orElseThrow();
        List<WeightSpec> specs = LegacyOrder.of(layer, reader.kerasMajor(), weightNames);
        for (int i = 0; i < specs.size(); i++) {
            WeightSpec spec = specs.get(i);
            String stored = i < weightNames.size() ? weightNames.get(i) : "";
            String path = group.path() + "/" + (stored.isEmpty() ? spec.path() : stored);
            weightPaths.merge(plain(stored), layer.name() + "/" + spec.path(), (first, second) -> "");
            weights.put(
                    layer.name(),
                    spec,
                    reader.read(layer, spec, path, () -> stored.isEmpty() ? Optional.empty() : group.dataset(stored)));
        }
        if (weightNames.size() > specs.size()) {
            throw reader.surplus(layer.toString(), "'" + weightNames.get(specs.size()) + "'");
        }
    }

    /** A model's group has the weights of all its layers, whose names are in those of the weights. */
    @Override
    public Optional<List<Held>> held(String folder, String prefix, LayerEntry entry) {
        boolean inside = !prefix.isEmpty();
        String owner = inside ? prefix.substring(0, prefix.indexOf('/')) : entry.name();
        Hdf5Group group = layers.group(owner).orElse(null);
        if (group == null) {
            return Optional.empty();
        }
        List<Held> held = new ArrayList<>();
        for (String name : names(group, "weight_names")) {
            if (!inside || ("/" + name).contains("/" + entry.name() + "/")) {
                Optional<Hdf5Dataset> dataset = group.dataset(name);
                Optional<Shape> shape = dataset.flatMap(WeightReader::shape);
                if (dataset.isPresent() && shape.isEmpty()) {
                    return Optional.empty();
                }
                shape.ifPresent(known -> held.add(new Held(name, known)));
            }
        }
        return inside && held.isEmpty() ? Optional.empty() : Optional.of(held);
    }

    @Override
    public List<OptimizerVariable> optimizerVariables(String file, long weights) {
        OptimizerBudget budget = new OptimizerBudget(file, weights);
        List<OptimizerVariable> variables = new ArrayList<>();
        Hdf5Group group = root.group("optimizer_weights").orElse(null);
        if (group == null) {
            return variables;
        }
        for (String name : names(group, "weight_names")) {
            Hdf5Dataset dataset = group.dataset(name)
                    .orElseThrow(() ->
                            damaged("the optimizer's weight_names has '" + name + "', but there is no such array"));
            variables.add(budget.read(name, dataset, weightPath(plain(name))));
        }
        return variables;
    }

    /** The weight that {@code Adam/lstm/kernel/m} or {@code Adam/m/lstm/kernel} is kept for; null if the name does not say. */
    private @Nullable String weightPath(String name) {
        String holder = name.substring(0, Math.max(0, name.lastIndexOf('/')));
        String path = Optional.ofNullable(longestEnd(holder)).orElse(longestEnd(name));
        return path == null || path.isEmpty() ? null : path;
    }

    /** The path of the weight whose name is the longest that a name ends in; null if it ends in none. */
    private @Nullable String longestEnd(String name) {
        String path = weightPaths.get(name);
        for (int slash = name.indexOf('/'); path == null && slash >= 0; slash = name.indexOf('/', slash + 1)) {
            path = weightPaths.get(name.substring(slash + 1));
        }
        return path;
    }

    /** Without the number of the output that it has as a tensor of TensorFlow. */
    private static String plain(String name) {
        return name.replaceFirst(":\\d+$", "");
    }

    /** A list of names, which Keras splits into {@code name0}, {@code name1}, ... beyond 64 kB. */
    private List<String> names(Hdf5Group group, String attribute) {
        Optional<List<String>> whole = group.texts(attribute);
        if (whole.isPresent()) {
            return whole.get();
        }
        List<String> joined = new ArrayList<>();
        int part = 0;
        while (group.hasAttribute(attribute + part)) {
            joined.addAll(group.texts(attribute + part++).orElseThrow());
        }
        if (part == 0) {
            throw damaged("attribute '" + attribute + "' is missing at '" + group.path() + "'");
        }
        return joined;
    }

    private ModelFormatException damaged(String what) {
        return new ModelFormatException(
                source,
                what,
                "Copy the file again or save the model again.",
                "docs/TROUBLESHOOTING.md#missing-weights");
    }
}
