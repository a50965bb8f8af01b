package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.graph.Weights;
import dev.rekur.layer.WeightSpec;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Variables as {@code model.weights.h5} holds them: {@code layers/<class>_<n>/<owner>/vars/<i>}, where {@code n} counts a
 * class in the order of the layers and {@code i} the variables of one owner. Layers' names play no part, but newer
 * versions of Keras note them.
 */
final class ArchiveVariables implements ModelVariables {
    /** Seeds of random generators are state of training, not weights. */
    private static final String SEEDS = "/seed_generator";

    private final WeightStore store;
    private final boolean sameFile;

    /**
     * @param sameFile true if configuration and weights were saved together, so that noted names must agree
     */
    ArchiveVariables(WeightStore store, boolean sameFile) {
        this.store = store;
        this.sameFile = sameFile;
    }

    @Override
    public Weights weights(ModelConfig model, Graph graph) {
        Weights.Builder weights = Weights.builder();
        Found found = new Found(new HashSet<>(), new HashSet<>());
        readModel(model, graph, "", "", weights, found);
        requireNoSurplus(model, found);
        return weights.build();
    }

    /**
     * What was found in the file.
     *
     * @param variables paths of the weights
     * @param textLayers groups of text layers, which keep tables that are part of their configuration here
     */
    private record Found(Set<String> variables, Set<String> textLayers) {
        boolean has(String path) {
            if (variables.contains(path)) {
                return true;
            }
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (textLayers.contains(path.substring(0, slash))) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Reads the weights of a model, or of one inside it.
     *
     * @param prefix what goes before the names of its layers
     * @param folder the group of the model
     */
    private void readModel(
            ModelConfig model, Graph graph, String prefix, String folder, Weights.Builder weights, Found found) {
        WeightReader reader = new WeightReader(model);
        Map<String, GraphLayer> layers = new HashMap<>();
        graph.layers().forEach(layer -> layers.put(layer.name(), layer));
        LayerGroups groups = new LayerGroups(
                model.entries(),
                layers,
                group -> !store.isOfKeras212()
                        || !store.datasetsBelow(folder + "layers/" + group).isEmpty());
        for (LayerEntry entry : model.entries()) {
            GraphLayer layer = layers.get(entry.name());
            String group = folder + "layers/" + groups.next(entry, layer);
            if (!entry.operation() && Vocabularies.isTextLayer(entry.className())) {
                found.textLayers().add(group);
            }
            if (layer == null || entry.operation()) {
                continue;
            }
            requireName(model, entry, group);
            if (layer.layer() instanceof NestedModel nested) {
                readModel(
                        model.inside(entry), nested.graph(), prefix + entry.name() + "/", group + "/", weights, found);
            } else {
                readLayer(reader, layer, prefix + layer.name(), group, weights, found.variables());
            }
        }
    }

    private void readLayer(
            WeightReader reader,
            GraphLayer layer,
            String layerPath,
            String group,
            Weights.Builder weights,
            Set<String> read) {
        Map<String, Integer> indexes = new HashMap<>();
        for (WeightSpec spec : layer.weights()) {
            int index = indexes.merge(spec.owner(), 1, Integer::sum) - 1;
            String path = group + (spec.owner().isEmpty() ? "" : "/" + spec.owner()) + "/vars/" + index;
            weights.put(layerPath, spec, reader.read(layer, spec, path, () -> store.dataset(path)));
            read.add(path);
        }
    }

    private void requireName(ModelConfig model, LayerEntry entry, String path) {
        if (!sameFile) {
            return; // two models built alike have different automatic names, and Keras takes one's weights for the
            // other
        }
        store.objectName(path).filter(name -> !name.equals(entry.name())).ifPresent(name -> {
            throw new ModelFormatException(
                    model.source() + ": " + entry.owner() + " at " + entry.place(),
                    "its weights at " + path + " are those of a layer '" + name + "'",
                    "Was the configuration edited?",
                    "docs/TROUBLESHOOTING.md#weight-order");
        });
    }

    private void requireNoSurplus(ModelConfig model, Found found) {
        Map<String, LayerEntry> byGroup = new HashMap<>();
        for (LayerEntry entry : model.entries()) {
            byGroup.put(entry.group(), entry);
        }
        for (String group : new LinkedHashSet<>(store.layerGroups())) {
            LayerEntry entry = byGroup.get(group);
            for (String path : store.datasetsBelow("layers/" + group)) {
                if (!found.has(path) && !path.contains(SEEDS)) {
                    throw new WeightReader(model).surplus(entry == null ? "no layer" : entry.owner(), path);
                }
            }
        }
    }

    @Override
    public Optional<List<Held>> held(String folder, String prefix, LayerEntry entry) {
        if (entry.operation() || Vocabularies.isTextLayer(entry.className())) {
            return Optional.of(List.of());
        }
        String group = folder + "layers/" + entry.group();
        List<Held> held = new ArrayList<>();
        for (String path : store.datasetsBelow(group)) {
            if (!path.contains(SEEDS)) {
                Optional<Shape> shape = WeightReader.shape(store.dataset(path).orElseThrow());
                if (shape.isEmpty()) {
                    return Optional.empty();
                }
                held.add(new Held(path.substring(group.length() + 1), shape.get()));
            }
        }
        return Optional.of(held);
    }

    @Override
    public List<OptimizerVariable> optimizerVariables(String source, long weights) {
        OptimizerBudget budget = new OptimizerBudget(source, weights);
        List<String> paths = new ArrayList<>(store.datasetsBelow("optimizer"));
        paths.sort(ArchiveVariables::compareNumbered);
        List<OptimizerVariable> variables = new ArrayList<>();
        Map<String, Integer> numbers = new HashMap<>();
        for (String path : paths) {
            String group = path.substring(0, path.lastIndexOf('/'));
            int number = numbers.merge(group, 1, Integer::sum) - 1;
            if (!group.endsWith("/vars") || !path.equals(group + "/" + number)) {
                throw unknownLayout(source, path);
            }
            Hdf5Dataset dataset = store.dataset(path).orElseThrow();
            variables.add(budget.read(path.substring("optimizer/".length()), dataset, null));
        }
        return variables;
    }

    private static ModelFormatException unknownLayout(String source, String path) {
        return new ModelFormatException(
                source + ": the optimizer's variable '" + path + "'",
                "expected all of them below vars/, numbered from 0 on",
                "Save the model again.",
                "docs/TROUBLESHOOTING.md#optimizer-state");
    }

    /** By number where the paths differ in nothing but the number at their end: 2 comes before 10. */
    private static int compareNumbered(String a, String b) {
        int slashA = a.lastIndexOf('/');
        int slashB = b.lastIndexOf('/');
        int parents = a.substring(0, slashA).compareTo(b.substring(0, slashB));
        if (parents != 0) {
            return parents;
        }
        String lastA = a.substring(slashA + 1);
        String lastB = b.substring(slashB + 1);
        return isNumber(lastA) && isNumber(lastB) && lastA.length() != lastB.length()
                ? lastA.length() - lastB.length()
                : lastA.compareTo(lastB);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
