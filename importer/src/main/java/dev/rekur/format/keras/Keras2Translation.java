package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says in Keras 2's words what Keras 3 wrote. Keras 2 has no operations in a graph: those that masks are made of go, since
 * its layers carry masks of themselves; that these are the same masks is proven, or the translation is refused.
 */
final class Keras2Translation {
    /** What TensorFlow, which Keras 2 names its graphs' scopes for, takes as a name. */
    private static final Pattern SCOPE = Pattern.compile("[A-Za-z0-9.][A-Za-z0-9_.\\\\/>-]*");

    private final Model model;
    private final ModelConfiguration source;
    private final List<Problem> problems = new ArrayList<>();
    private final LayerTranslation layers = new LayerTranslation(3, 2, problems);
    private final HardSigmoids hardSigmoids;

    Keras2Translation(Model model) {
        this.model = model;
        this.source = TargetModel.configuration(model);
        this.hardSigmoids = new HardSigmoids(model, 2);
    }

    /** The configuration, {@code {class_name, config}}, with vocabularies in it. */
    Map<String, Object> root() {
        Map<String, Object> root = object(new TargetModel(model, source.root()));
        Translations.requireSame(model, root, 2, hardSigmoids, problems);
        return root;
    }

    /** A model, or one inside it. */
    private Map<String, Object> object(TargetModel target) {
        Map<String, Object> from = JsonTree.object(target.root().get("config")).orElse(Map.of());
        boolean sequential = target.graph().style() == Graph.Style.SEQUENTIAL;
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("name", target.graph().name());
        if (sequential) {
            config.put("layers", sequential(target));
        } else {
            CallNumbers there = new CallNumbers(target.entries(), 2);
            CallNumbers here = new CallNumbers(target.entries(), 3);
            config.put("trainable", from.getOrDefault("trainable", true));
            config.put("layers", functional(target, here, there));
            config.put("input_layers", listed(from.get("input_layers")));
            config.put("output_layers", listed(here.outputsIn(there, from.get("output_layers"))));
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("class_name", sequential ? "Sequential" : "Functional");
        root.put("config", config);
        return root;
    }

    private List<Map<String, Object>> sequential(TargetModel target) {
        List<Map<String, Object>> translated = new ArrayList<>();
        if (!target.entries().get(0).isInput()) {
            GraphLayer input = target.graph().layers().get(0); // that Keras makes when the model is built
            Map<String, Object> made =
                    KerasObjects.object("keras.layers", "InputLayer", TargetModel.inputConfig(input));
            translated.add(layers.targetObject("keras.layers", "InputLayer", layers.config(input.toString(), made)));
        }
        target.entries().forEach(entry -> translated.add(layer(target, entry)));
        return translated;
    }

    private Map<String, Object> layer(TargetModel target, LayerEntry entry) {
        if (!SCOPE.matcher(entry.name()).matches()) {
            layers.problem(entry.owner(), "a name with other characters than letters, digits and _ . - /");
        }
        Optional<TargetModel> inside = target.inside(entry);
        if (inside.isPresent()) {
            return object(inside.get());
        }
        String path = target.prefix() + entry.name();
        Map<String, Object> config = layers.config(entry.owner(), entry.object(), hardSigmoids.folds(path));
        return layers.targetObject("keras.layers", entry.className(), LearnedText.inject(source, path, config));
    }

    private List<Map<String, Object>> functional(TargetModel target, CallNumbers here, CallNumbers there) {
        Set<String> operations = new LinkedHashSet<>();
        target.entries().stream().filter(LayerEntry::operation).forEach(entry -> operations.add(entry.name()));
        List<Map<String, Object>> translated = new ArrayList<>();
        for (LayerEntry entry : target.entries()) {
            if (entry.operation()) {
                continue;
            }
            Map<String, @Nullable Object> layer = new LinkedHashMap<>(layer(target, entry));
            List<Object> nodes = new ArrayList<>();
            if (!entry.isInput()) {
                for (CallEntry call : CallReader.read(entry, here, problems)) {
                    nodes.add(call(entry, call, operations, there));
                }
            }
            layer.put("name", entry.name());
            layer.put("inbound_nodes", nodes);
            translated.add(KerasObjects.asObject(layer));
        }
        return translated;
    }

    private List<Object> call(LayerEntry entry, CallEntry call, Set<String> operations, CallNumbers there) {
        Map<String, Object> keywords = new LinkedHashMap<>();
        for (TensorReference mask : call.masks()) {
            if (mask != null && !operations.contains(mask.layer())) {
                if (call.tensors().size() > 1 && entry.isModel()) {
                    layers.problem(entry.owner(), "a mask for one of several inputs");
                }
                keywords.put("mask", triple(there.inCall(mask)));
            }
        }
        List<Object> tensors = new ArrayList<>();
        for (TensorReference tensor : call.tensors()) {
            if (operations.contains(tensor.layer())) {
                layers.problem(
                        entry.owner(), "operation '" + tensor.layer() + "' of keras.ops, which it is called with,");
            }
            List<Object> leaf = new ArrayList<>(triple(there.inCall(tensor)));
            leaf.add(keywords);
            tensors.add(leaf);
        }
        return tensors;
    }

    private static List<Object> triple(TensorReference tensor) {
        return List.of(tensor.layer(), (long) tensor.node(), (long) tensor.output());
    }

    /** Keras 3 writes a single tensor as it is, Keras 2 in a list. */
    private static @Nullable Object listed(@Nullable Object tensors) {
        return tensors != null && CallReader.reference(tensors) != null ? List.of(tensors) : tensors;
    }
}
