package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.format.keras.CallReader.TensorReference;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.CallStyle;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says in Keras 3's words what Keras 2 wrote: shapes of inputs, calls with {@code args} and {@code kwargs}, modules. The
 * graph of the result must be the one that there was, or the translation is refused.
 */
final class Keras3Translation {
    private final Model model;
    private final ModelConfiguration source;
    private final List<Problem> problems = new ArrayList<>();
    private final LayerTranslation layers = new LayerTranslation(2, 3, problems);
    private final HardSigmoids hardSigmoids;

    Keras3Translation(Model model) {
        this.model = model;
        this.source = TargetModel.configuration(model);
        this.hardSigmoids = new HardSigmoids(model, 3);
    }

    /** The configuration. */
    Map<String, Object> root() {
        Map<String, Object> translated = object(new TargetModel(model, source.root()));
        Translations.requireSame(model, translated, 3, hardSigmoids, problems);
        return translated;
    }

    /** A model, or one inside it. */
    private Map<String, Object> object(TargetModel target) {
        Map<String, Object> from = JsonTree.object(target.root().get("config")).orElse(Map.of());
        boolean sequential = target.graph().style() == Graph.Style.SEQUENTIAL;
        CallNumbers here = new CallNumbers(target.entries(), 2);
        CallNumbers there = new CallNumbers(target.entries(), 3);
        Map<String, @Nullable Object> config = new LinkedHashMap<>();
        config.put("name", target.graph().name());
        config.put("trainable", from.getOrDefault("trainable", true));
        config.put("layers", sequential ? sequential(target) : functional(target, here, there));
        if (!sequential) {
            config.put("input_layers", single(from.get("input_layers")));
            config.put("output_layers", single(here.outputsIn(there, from.get("output_layers"))));
        }
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("module", Keras3Configuration.moduleOfModel(sequential));
        root.put("class_name", sequential ? "Sequential" : "Functional");
        root.put("config", config);
        root.put("registered_name", sequential ? null : "Functional");
        return KerasObjects.asObject(root);
    }

    private List<Map<String, Object>> sequential(TargetModel target) {
        List<Map<String, Object>> translated = new ArrayList<>();
        if (!target.entries().get(0).isInput()) {
            // the input that Keras makes of the first layer's batch_input_shape
            GraphLayer input = target.graph().layers().get(0);
            translated.add(KerasObjects.object("keras.layers", "InputLayer", TargetModel.inputConfig(input)));
        }
        target.entries().forEach(entry -> translated.add(layer(target, entry)));
        return translated;
    }

    private Map<String, Object> layer(TargetModel target, LayerEntry entry) {
        if (entry.name().contains("/")) {
            layers.problem(entry.owner(), "a name with a slash");
        }
        return target.inside(entry)
                .map(this::object)
                .orElseGet(() -> KerasObjects.object(
                        "keras.layers",
                        entry.className(),
                        layers.config(
                                entry.owner(), entry.object(), hardSigmoids.folds(target.prefix() + entry.name()))));
    }

    private List<Map<String, Object>> functional(TargetModel target, CallNumbers here, CallNumbers there) {
        Map<String, List<CallEntry>> calls = new LinkedHashMap<>();
        for (LayerEntry entry : target.entries()) {
            calls.put(
                    entry.name(),
                    entry.isInput() ? List.of(CallEntry.OF_INPUT) : CallReader.read(entry, here, problems));
        }
        CallShapes shapes = new CallShapes(target.graph(), calls);
        List<Map<String, Object>> translated = new ArrayList<>();
        for (LayerEntry entry : target.entries()) {
            Map<String, @Nullable Object> layer = new LinkedHashMap<>(layer(target, entry));
            List<Object> nodes = new ArrayList<>();
            if (!entry.isInput()) {
                CallStyle style = target.graphLayer(entry)
                        .map(called -> called.layer().callStyle())
                        .orElse(CallStyle.TENSORS);
                calls.getOrDefault(entry.name(), List.of())
                        .forEach(call -> nodes.add(call(style, call, shapes, there)));
            }
            layer.put("name", entry.name());
            layer.put("inbound_nodes", nodes);
            translated.add(KerasObjects.asObject(layer));
        }
        return translated;
    }

    private static Map<String, Object> call(CallStyle style, CallEntry call, CallShapes shapes, CallNumbers there) {
        List<Object> tensors = new ArrayList<>();
        call.tensors().forEach(tensor -> tensors.add(shapes.written(tensor, there.inCall(tensor))));
        List<@Nullable Object> masks = new ArrayList<>();
        for (TensorReference mask : call.masks()) {
            masks.add(mask == null ? null : shapes.written(mask, there.inCall(mask)));
        }
        return Keras3Calls.call(style, tensors, masks);
    }

    /** Keras 2 puts a single tensor into a list, for Keras 3 that would be a model that takes and gives lists. */
    private static @Nullable Object single(@Nullable Object tensors) {
        List<?> list = JsonTree.list(tensors).orElse(List.of());
        return list.size() == 1 && list.get(0) instanceof List<?> only ? only : tensors;
    }
}
