package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.NestedModel;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.LayerConfigWriter;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import dev.rekur.tensor.FloatTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A model about to be written, or one inside it.
 *
 * @param model the whole model
 * @param root its configuration, or that of the one inside, in the words of the Keras that is to read it
 * @param entries the layers of that configuration
 * @param graph the graph that they are of
 * @param prefix what goes before the names of its layers: those of the models around it
 */
record TargetModel(Model model, Map<String, Object> root, List<LayerEntry> entries, Graph graph, String prefix) {
    /** The version whose files are followed, as files name it. */
    static final String KERAS_3 = "3.15.1";

    /** The last version of Keras 2 that was not called tf_keras. */
    static final String KERAS_2 = "2.15.0";

    TargetModel(Model model, Map<String, Object> root) {
        this(model, root, entries(root), model.graph(), "");
    }

    private static List<LayerEntry> entries(Map<String, Object> root) {
        return LayerEntries.read("model", "$.config.layers", layers(root));
    }

    /** The layers of a configuration; Keras before 2.3 wrote those of a Sequential model without anything around them. */
    static List<?> layers(Map<String, Object> root) {
        Object config = root.get("config");
        return JsonTree.list(config)
                .or(() -> JsonTree.object(config).flatMap(model -> JsonTree.list(model.get("layers"))))
                .orElse(List.of());
    }

    /**
     * The model with the configuration that it was read from, or with what Keras would call the parts of one that was made in code.
     *
     * @throws dev.rekur.error.UnsupportedModelException with every layer of such a model that cannot be written
     */
    static Model configured(Model model) {
        return model.configuration().isPresent()
                ? model
                : new Model(
                        model.graph(),
                        model.weights(),
                        model.compileConfiguration(),
                        Optional.of(new ModelConfiguration(
                                GraphConfiguration.of(model.graph()),
                                KerasVersion.NEWEST,
                                Map.of(),
                                StandardLayers.registry())));
    }

    /** The configuration of a model that is {@link #configured}. */
    static ModelConfiguration configuration(Model model) {
        return model.configuration().orElseThrow();
    }

    /** Keras 3's configuration of an input that no file holds: the one that Keras makes for a Sequential model. */
    static Map<String, Object> inputConfig(GraphLayer layer) {
        InputLayer input = (InputLayer) layer.layer();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("batch_shape", LayerConfigWriter.extents(input.shape()));
        config.put("dtype", input.kind().dtype());
        config.put("name", layer.name());
        return config;
    }

    /** A model among the layers; empty if the layer is none. */
    Optional<TargetModel> inside(LayerEntry entry) {
        return graphLayer(entry)
                .flatMap(layer -> layer.layer() instanceof NestedModel nested
                        ? Optional.of(new TargetModel(
                                model,
                                entry.object(),
                                entries(entry.object()),
                                nested.graph(),
                                prefix + entry.name() + "/"))
                        : Optional.empty());
    }

    /** A weight of a layer. */
    FloatTensor weight(LayerEntry entry, WeightSpec weight) {
        return model.weights().get(prefix + entry.name(), weight.path());
    }

    boolean isSequential() {
        return "Sequential".equals(root.get("class_name"));
    }

    /** The layers that Keras counts among a model's: a Sequential model's input is not one of them. */
    List<LayerEntry> layers() {
        return entries.stream()
                .filter(entry -> !entry.operation() && !(isSequential() && entry.isInput()))
                .toList();
    }

    /** The layer of the graph; empty for one that the graph does not call. */
    Optional<GraphLayer> graphLayer(LayerEntry entry) {
        return graph.layers().stream()
                .filter(layer -> layer.name().equals(entry.name()))
                .findFirst();
    }

    /**
     * Keras's names of the objects that hold a layer's weights, by their path below it: {@code forward_layer/cell} is
     * {@code simple_rnn_cell}.
     */
    static Map<String, String> objectNames(LayerEntry entry, List<WeightSpec> weights) {
        Map<String, String> names = new LinkedHashMap<>();
        for (WeightSpec weight : weights) {
            Map<String, Object> holder = entry.object();
            String path = "";
            for (String part : weight.owner().split("/")) {
                if (!part.isEmpty()) {
                    path = path.isEmpty() ? part : path + "/" + part;
                    names.put(path, objectName(holder, part));
                    holder = child(holder, part).orElse(holder);
                }
            }
        }
        return names;
    }

    private static String objectName(Map<String, Object> holder, String part) {
        String className = JsonTree.text(holder.get("class_name")).orElse("");
        if (part.equals("cell")) {
            return SnakeCase.of(className) + "_cell";
        }
        String side = part.equals("forward_layer") ? "forward_" : part.equals("backward_layer") ? "backward_" : "";
        String name = child(holder, part)
                .flatMap(child -> JsonTree.object(child.get("config")))
                .flatMap(config -> JsonTree.text(config.get("name")))
                .orElse(part);
        return side.isEmpty() || name.startsWith(side) ? name : side + name.replaceFirst("^(forward|backward)_", "");
    }

    /** The object that stands behind an attribute of a wrapping layer. */
    private static Optional<Map<String, Object>> child(Map<String, Object> holder, String part) {
        Map<String, Object> config = JsonTree.object(holder.get("config")).orElse(Map.of());
        return JsonTree.object(config.get(part)).or(() -> JsonTree.object(config.get("layer")));
    }

    /** What Keras calls the optimizer's variables together: the optimizer's name. */
    static String optimizerName(Map<String, Object> compileConfig) {
        Map<String, Object> optimizer =
                JsonTree.object(compileConfig.get("optimizer")).orElse(Map.of());
        return JsonTree.object(optimizer.get("config"))
                .flatMap(config -> JsonTree.text(config.get("name")))
                .or(() -> JsonTree.text(optimizer.get("class_name")).map(SnakeCase::of))
                .or(() -> JsonTree.text(compileConfig.get("optimizer")))
                .orElse("optimizer")
                .toLowerCase(Locale.ROOT);
    }
}
