package dev.rekur.format.keras;

import dev.rekur.Problem;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says in Keras 3's words what Keras 2 wrote: shapes of inputs, calls with {@code args} and {@code kwargs}, modules. The
 * graph of the result must be the one that there was, or the translation is refused.
 */
final class Keras3Translation {
    private static final Set<String> RECURRENT = Set.of("SimpleRNN", "LSTM", "GRU", "Bidirectional");

    private final Model model;
    private final ModelConfiguration source;
    private final List<Problem> problems = new ArrayList<>();
    private final LayerTranslation layers = new LayerTranslation(2, 3, problems);

    Keras3Translation(Model model) {
        this.model = model;
        this.source = TargetModel.configuration(model);
    }

    /** The configuration. */
    Map<String, Object> root() {
        Map<String, Object> from = JsonTree.object(source.root().get("config")).orElse(Map.of());
        List<LayerEntry> entries = new TargetModel(model, source.root()).entries();
        boolean sequential = model.graph().style() == Graph.Style.SEQUENTIAL;
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("name", model.graph().name());
        config.put("trainable", from.getOrDefault("trainable", true));
        config.put("layers", sequential ? sequential(entries) : functional(entries));
        if (!sequential) {
            config.put("input_layers", single(from.get("input_layers")));
            config.put("output_layers", single(from.get("output_layers")));
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("module", sequential ? "keras" : "keras.src.models.functional");
        root.put("class_name", sequential ? "Sequential" : "Functional");
        root.put("config", config);
        root.put("registered_name", sequential ? null : "Functional");
        Map<String, Object> translated = KerasObjects.asObject(root);
        Translations.requireSame(model, translated, 3, problems);
        return translated;
    }

    private List<Map<String, Object>> sequential(List<LayerEntry> entries) {
        List<Map<String, Object>> translated = new ArrayList<>();
        if (!entries.get(0).isInput()) {
            // the input that Keras makes of the first layer's batch_input_shape
            GraphLayer input = model.graph().layers().get(0);
            translated.add(KerasObjects.object(
                    "keras.layers",
                    "InputLayer",
                    JsonTree.object(input.config().get("config")).orElse(Map.of())));
        }
        entries.forEach(entry -> translated.add(layer(entry)));
        return translated;
    }

    private Map<String, Object> layer(LayerEntry entry) {
        if (entry.name().contains("/")) {
            layers.problem(entry.owner(), "a name with a slash");
        }
        return KerasObjects.object("keras.layers", entry.className(), layers.config(entry.owner(), entry.object()));
    }

    private List<Map<String, Object>> functional(List<LayerEntry> entries) {
        Map<String, List<CallEntry>> calls = new LinkedHashMap<>();
        for (LayerEntry entry : entries) {
            CallEntry given = new CallEntry(List.of(), null, List.of(), Map.of());
            calls.put(entry.name(), entry.isInput() ? List.of(given) : CallReader.read(entry, problems));
        }
        CallShapes shapes = new CallShapes(model.graph(), calls);
        List<Map<String, Object>> translated = new ArrayList<>();
        for (LayerEntry entry : entries) {
            Map<String, @Nullable Object> layer = new LinkedHashMap<>(layer(entry));
            List<Object> nodes = new ArrayList<>();
            if (!entry.isInput()) {
                calls.getOrDefault(entry.name(), List.of()).forEach(call -> nodes.add(call(entry, call, shapes)));
            }
            layer.put("name", entry.name());
            layer.put("inbound_nodes", nodes);
            translated.add(KerasObjects.asObject(layer));
        }
        return translated;
    }

    private static Map<String, Object> call(LayerEntry entry, CallEntry call, CallShapes shapes) {
        List<Object> tensors = new ArrayList<>();
        call.tensors().forEach(tensor -> tensors.add(tensor(tensor, shapes)));
        Map<String, Object> keywords = new LinkedHashMap<>();
        Object argument = tensors.size() == 1 ? tensors.get(0) : tensors;
        if (RECURRENT.contains(entry.className())) {
            argument = tensors.get(0);
            if (tensors.size() > 1) {
                keywords.put("initial_state", tensors.subList(1, tensors.size()));
            }
        }
        TensorReference mask = call.mask();
        if (mask != null) {
            keywords.put("mask", tensor(mask, shapes));
        }
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("args", List.of(argument));
        node.put("kwargs", keywords);
        return node;
    }

    private static Object tensor(TensorReference tensor, CallShapes shapes) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("shape", shapes.extents(tensor));
        config.put("dtype", shapes.dtype(tensor));
        config.put("keras_history", List.of(tensor.layer(), (long) tensor.node(), (long) tensor.output()));
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("class_name", "__keras_tensor__");
        object.put("config", config);
        return object;
    }

    /** Keras 2 puts a single tensor into a list, for Keras 3 that would be a model that takes and gives lists. */
    private static @Nullable Object single(@Nullable Object tensors) {
        List<?> list = JsonTree.list(tensors).orElse(List.of());
        return list.size() == 1 && list.get(0) instanceof List<?> only ? only : tensors;
    }
}
