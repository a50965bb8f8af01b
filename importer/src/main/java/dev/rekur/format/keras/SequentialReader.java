package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphBuilder;
import dev.rekur.graph.Value;
import dev.rekur.layer.NamedLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the graph of a Sequential model: each layer is called on what the one before gave. */
final class SequentialReader {
    private final ModelConfig model;
    private final LayerCache layers;
    private final GraphBuilder builder;

    SequentialReader(ModelConfig model, LayerCache layers, GraphBuilder builder) {
        this.model = model;
        this.layers = layers;
        this.builder = builder;
    }

    /** The graph; empty if there were problems. */
    Optional<Graph> read() {
        List<LayerEntry> entries = new ArrayList<>(model.entries());
        if (!entries.isEmpty() && !entries.get(0).isInput()) {
            inputFor(model)
                    .ifPresentOrElse(
                            input -> {
                                requireFree(input.name());
                                entries.add(0, input);
                            },
                            () -> problem(
                                    "nothing says the shape of the input",
                                    "Begin the model with keras.Input(shape=...), or call it once before saving it."));
        }
        List<Value> current = List.of();
        List<Value> inputs = List.of();
        boolean broken = entries.isEmpty() || !entries.get(0).isInput();
        for (int i = 0; i < entries.size(); i++) {
            LayerEntry entry = entries.get(i);
            if (i > 0 && entry.isInput()) {
                problem("an InputLayer stands behind other layers", "Begin the model with it.");
            }
            Optional<NamedLayer> layer = layers.layer(entry, null);
            if (layer.isEmpty() || broken) {
                broken = true; // the layers after it are still read, to find all problems at once
                continue;
            }
            Optional<Integer> node = builder.add(new GraphBuilder.Call(layer.get(), entry.place(), current));
            if (node.isEmpty()) {
                broken = true;
                continue;
            }
            current = outputs(node.get());
            if (i == 0) {
                inputs = current;
            }
        }
        if (broken && model.problems().isEmpty()) {
            problem("the model has no layers", "Add layers and save it again.");
        }
        if (!model.problems().isEmpty()) {
            return Optional.empty();
        }
        List<String> order = entries.stream().map(LayerEntry::name).toList();
        String last = order.get(order.size() - 1);
        List<String> names = new ArrayList<>();
        current.forEach(output -> names.add(last));
        return Optional.of(builder.build(order, inputs, current, names));
    }

    /** Keras, too, gives the input this name, and then refuses another layer that has it. */
    private void requireFree(String inputName) {
        for (LayerEntry entry : model.entries()) {
            if (entry.name().equals(inputName)) {
                model.problems()
                        .add(new Problem(
                                entry.owner() + " at " + entry.place(),
                                "has the name that the model's input gets",
                                "Names must be unique: rename the layer, or begin the model with keras.Input(shape=...,"
                                        + " name=...).",
                                "docs/TROUBLESHOOTING.md#damaged-configuration",
                                true));
            }
        }
    }

    private List<Value> outputs(int node) {
        List<Value> values = new ArrayList<>();
        for (int output = 0; output < builder.outputs(node); output++) {
            values.add(new Value(node, output));
        }
        return values;
    }

    /** Keras makes the InputLayer when the model is built; files of models built late hold the shape only. */
    static Optional<LayerEntry> inputFor(ModelConfig model) {
        LayerEntry first = model.entries().get(0);
        Map<String, Object> own = first.isModel() ? inputOf(first.object()) : Map.of();
        Object shape = shapeFor(model, first, own);
        if (shape == null) {
            return Optional.empty();
        }
        String name = model.kerasMajor() == 2 ? first.name() + "_input" : "input_layer";
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("batch_shape", shape);
        config.put("dtype", own.getOrDefault("dtype", dtypeFor(first)));
        config.put("name", name);
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("module", "keras.layers");
        object.put("class_name", "InputLayer");
        object.put("config", Collections.unmodifiableMap(config));
        return Optional.of(new LayerEntry(
                name,
                "InputLayer",
                false,
                "input_layer",
                model.place() + ".layers",
                Collections.unmodifiableMap(object),
                List.of()));
    }

    /** The configuration of the InputLayer of a model, or of the layer that says its shape; empty if none does. */
    private static Map<String, Object> inputOf(Map<String, Object> nested) {
        List<?> layers = TargetModel.layers(nested);
        Object inputs = JsonTree.object(nested.get("config"))
                .map(config -> config.get("input_layers"))
                .orElse(null);
        Object only = JsonTree.list(inputs)
                .filter(list -> list.size() == 1)
                .<Object>map(list -> list.get(0))
                .orElse(inputs);
        CallReader.TensorReference input = CallReader.reference(only);
        for (Object layer : layers) {
            Map<String, Object> object = JsonTree.object(layer).orElse(Map.of());
            Map<String, Object> config = JsonTree.object(object.get("config")).orElse(Map.of());
            if (input == null && inputs == null && LayerEntry.isModel(String.valueOf(object.get("class_name")))) {
                return inputOf(object); // a Sequential model that begins with a model, too
            }
            if (inputs == null || input != null && input.layer().equals(config.get("name"))) {
                return config;
            }
        }
        return Map.of();
    }

    private static @Nullable Object shapeFor(ModelConfig model, LayerEntry first, Map<String, Object> own) {
        List<@Nullable Object> candidates = new ArrayList<>();
        candidates.add(first.config().get("batch_shape"));
        candidates.add(first.config().get("batch_input_shape"));
        candidates.add(own.get("batch_shape"));
        candidates.add(own.get("batch_input_shape"));
        candidates.add(model.config().get("build_input_shape"));
        candidates.add(inputShape(model.root().get("build_config")));
        candidates.add(inputShape(first.object().get("build_config")));
        for (Object candidate : candidates) {
            List<?> shape = JsonTree.list(candidate).orElse(List.of());
            // a list of lists would be several inputs, which no Sequential model has
            if (!shape.isEmpty() && shape.stream().allMatch(extent -> extent == null || extent instanceof Number)) {
                return shape;
            }
        }
        return null;
    }

    private static @Nullable Object inputShape(@Nullable Object buildConfig) {
        return JsonTree.object(buildConfig)
                .map(config -> config.get("input_shape"))
                .orElse(null);
    }

    private static String dtypeFor(LayerEntry first) {
        return switch (first.className()) {
            case "Embedding" -> "int32";
            case "TextVectorization", "StringLookup" -> "string";
            default -> "float32";
        };
    }

    private void problem(String finding, String remedy) {
        model.problems()
                .add(new Problem(
                        "model '" + model.name() + "' at " + model.place(),
                        finding,
                        remedy,
                        "docs/TROUBLESHOOTING.md#input-shape",
                        true));
    }
}
