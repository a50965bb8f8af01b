package dev.rekur.format.keras;

import dev.rekur.format.hdf5.NewDataset;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays variables out as {@code legacy_h5_format.py} of Keras does, and {@code hdf5_format.py} of Keras 2 before it: a
 * group for each layer by its name, in it the weights by theirs. {@link LegacyVariables} reads them.
 */
final class LegacyVariablesWriter {
    /** What Keras lets the names in one attribute take; HDF5 has room for little more. */
    private static final int ATTRIBUTE_LIMIT = 64_512;

    private static final int REFERENCE = 16;

    private final TargetModel target;
    private final int kerasMajor;

    /** What Keras 2 puts behind the name of a weight. */
    private final String suffix;

    LegacyVariablesWriter(TargetModel target, int kerasMajor) {
        this.target = target;
        this.kerasMajor = kerasMajor;
        this.suffix = kerasMajor == 2 ? ":0" : "";
    }

    /** Adds {@code model_weights}. */
    void weights(NewGroup root) {
        NewGroup group = root.group("model_weights");
        names(
                group,
                "layer_names",
                target.layers().stream().map(LayerEntry::name).toList());
        for (LayerEntry entry : target.layers()) {
            layer(group.group(entry.name()), entry);
        }
        names(group.group("top_level_model_weights"), "weight_names", List.of());
    }

    private void layer(NewGroup group, LayerEntry entry) {
        Map<String, String> known = new HashMap<>();
        weightNames(target, entry, "", known);
        List<WeightSpec> weights = target.graphLayer(entry)
                .map(layer -> LegacyOrder.of(layer, kerasMajor))
                .orElse(List.of());
        List<String> names = new ArrayList<>();
        for (WeightSpec weight : weights) {
            String name = entry.name() + "/" + known.get(weight.path()) + suffix;
            names.add(name);
            group.dataset(name, NewDataset.float32(target.weight(entry, weight)));
        }
        names(group, "weight_names", names);
    }

    /**
     * What Keras calls weights, by their path below a layer: {@code cell/kernel} is {@code lstm_cell/kernel}.
     *
     * @param prefix what goes before both: the names of models around the layer, with a slash at the end
     */
    private void weightNames(TargetModel target, LayerEntry entry, String prefix, Map<String, String> names) {
        TargetModel inside = target.inside(entry).orElse(null);
        if (inside != null) {
            inside.layers().forEach(inner -> weightNames(inside, inner, prefix + inner.name() + "/", names));
            return;
        }
        List<WeightSpec> weights =
                target.graphLayer(entry).map(GraphLayer::weights).orElse(List.of());
        Map<String, String> objects = TargetModel.objectNames(entry, weights);
        for (WeightSpec weight : weights) {
            StringBuilder name = new StringBuilder(prefix);
            for (int slash = weight.owner().indexOf('/'); !weight.owner().isEmpty(); ) {
                String owner = slash < 0 ? weight.owner() : weight.owner().substring(0, slash);
                if (!isUnnamed(owner)) {
                    name.append(objects.get(owner)).append('/');
                }
                if (slash < 0) {
                    break;
                }
                slash = weight.owner().indexOf('/', slash + 1);
            }
            names.put(prefix + weight.path(), name.append(weight.name()).toString());
        }
    }

    /** Keras 2 calls what a TimeDistributed wraps by the name of the wrapper. */
    private boolean isUnnamed(String owner) {
        return !suffix.isEmpty() && (owner.equals("layer") || owner.endsWith("/layer"));
    }

    /**
     * Adds {@code optimizer_weights}.
     *
     * @param optimizer the optimizer's name
     */
    void optimizer(NewGroup root, String optimizer, List<OptimizerVariable> variables) {
        if (variables.isEmpty()) {
            return;
        }
        NewGroup group = root.group("optimizer_weights");
        List<String> names = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            String known = variables.get(i).name();
            boolean legacy = known.endsWith(":0") || known.startsWith(optimizer + "/");
            String name = legacy ? known : optimizer + "/" + (i == 0 ? "iteration" : "variable_" + i) + suffix;
            names.add(name);
            group.dataset(name, ArchiveVariablesWriter.dataset(variables.get(i), i == 0));
        }
        names(group, "weight_names", names);
    }

    /** A list of names, in parts of fixed width if it is long, as {@code save_attributes_to_hdf5_group} makes them. */
    static void names(NewGroup group, String attribute, List<String> names) {
        if (size(names) <= ATTRIBUTE_LIMIT) {
            group.byteTexts(attribute, names);
            return;
        }
        int parts = 1;
        List<List<String>> split = List.of(names);
        while (split.stream().anyMatch(part -> size(part) > ATTRIBUTE_LIMIT)) {
            split = split(names, ++parts);
        }
        for (int part = 0; part < parts; part++) {
            group.fixedTexts(attribute + part, split.get(part));
        }
    }

    /** Parts as equal as can be, the longer ones in front: {@code numpy.array_split}. */
    private static List<List<String>> split(List<String> names, int parts) {
        List<List<String>> split = new ArrayList<>();
        int from = 0;
        for (int part = 0; part < parts; part++) {
            int to = from + names.size() / parts + (part < names.size() % parts ? 1 : 0);
            split.add(names.subList(from, to));
            from = to;
        }
        return split;
    }

    /** Bytes of the names if each takes as much as the longest, or as a reference to it where that is more. */
    private static long size(List<String> names) {
        int longest = REFERENCE;
        for (String name : names) {
            longest = Math.max(longest, name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        }
        return (long) longest * names.size();
    }
}
