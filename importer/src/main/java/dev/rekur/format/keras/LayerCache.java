package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.format.ModelReading;
import dev.rekur.format.keras.CallReader.CallEntry;
import dev.rekur.graph.NestedModel;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.NamedLayer;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the layers of a model, each once, from the table of those that Rekur has. */
final class LayerCache {
    private static final Set<String> CODE = Set.of("Lambda", "TFOpLambda", "SlicingOpLambda", "TFSMLayer");

    private final ModelConfig model;
    private final LayerConfig.Origin origin;
    private final Vocabularies vocabularies;

    /** By the entry itself, since its equality would compare whole configurations. */
    private final Map<LayerEntry, Optional<NamedLayer>> layers = new IdentityHashMap<>();

    private final Map<LayerEntry, CallEntry> firstCalls = new IdentityHashMap<>();

    LayerCache(ModelConfig model, LayerConfig.Origin origin, Vocabularies vocabularies) {
        this.model = model;
        this.origin = origin;
        this.vocabularies = vocabularies;
    }

    /**
     * The layer; empty, with a problem reported once, if it cannot be made.
     *
     * @param call its call, which for an operation holds half of its configuration
     */
    Optional<NamedLayer> layer(LayerEntry entry, @Nullable CallEntry call) {
        Optional<NamedLayer> known = layers.get(entry);
        if (known == null) {
            known = make(entry, call);
            layers.put(entry, known);
            if (call != null) {
                firstCalls.put(entry, call);
            }
        } else if (entry.operation() && call != null) {
            requireSameArguments(entry, call);
        }
        return known;
    }

    private void requireSameArguments(LayerEntry entry, CallEntry call) {
        CallEntry first = firstCalls.get(entry);
        if (first != null
                && !(first.arguments().equals(call.arguments())
                        && first.keywordArguments().equals(call.keywordArguments()))) {
            problem(
                    entry,
                    "is called several times with different arguments",
                    "Use one operation for each.",
                    "docs/TROUBLESHOOTING.md#call-arguments");
        }
    }

    private Optional<NamedLayer> make(LayerEntry entry, @Nullable CallEntry call) {
        if (entry.isModel()) {
            return ModelConfigReader.graph(model.inside(entry), origin.registry(), vocabularies.inside(entry))
                    .map(graph ->
                            NamedLayer.of(entry.name(), new NestedModel(graph)).withTrainable(entry.trainable()));
        }
        if (isCode(entry) && !origin.registry().has(entry.className())) {
            problem(
                    entry,
                    "holds code, or the name of some, which Rekur never runs from a file",
                    "Replace it by layers of Keras, or do its work before the model is called. Supported layers: "
                            + String.join(", ", origin.registry().names())
                            + ".",
                    "docs/TROUBLESHOOTING.md#code-in-models");
            return Optional.empty();
        }
        if (!origin.registry().has(LayerEntries.registered(entry))) {
            reportWrapped(entry);
        }
        Map<String, Object> object = new LinkedHashMap<>(entry.object());
        object.put("class_name", LayerEntries.registered(entry));
        if (object.get("config") instanceof Map<?, ?>) {
            Map<String, Object> config = new LinkedHashMap<>(entry.config());
            if (entry.operation() && call != null) {
                config.put("arguments", call.arguments());
                config.put("keyword_arguments", call.keywordArguments());
            }
            if (!vocabularies.inject(entry, config, origin.version(), origin.problems())) {
                return Optional.empty();
            }
            object.put("config", config);
        }
        return origin.registry()
                .read(entry.owner(), entry.place(), object, origin)
                .map(layer -> layer.withName(entry.name()));
    }

    /** True for layers whose configuration is a program. */
    static boolean isCode(LayerEntry entry) {
        return !entry.operation() && CODE.contains(entry.className());
    }

    /** A layer that cannot be made does not read the layers it wraps; so that they are not found one by one, this does. */
    private void reportWrapped(LayerEntry entry) {
        for (ModelReading.LayerReport wrapped : LayerEntries.reportWrapped(entry, origin.registry())) {
            if (!wrapped.supported()) {
                origin.problems()
                        .add(new Problem(
                                "layer '" + wrapped.name() + "' (" + wrapped.className() + ") at " + entry.place(),
                                "layer class '" + wrapped.className() + "' is not supported",
                                "Supported layers: "
                                        + String.join(", ", origin.registry().names())
                                        + ".",
                                "docs/TROUBLESHOOTING.md#unsupported-layer"));
            }
        }
    }

    private void problem(LayerEntry entry, String finding, String remedy, String link) {
        origin.problems().add(new Problem(entry.owner() + " at " + entry.place(), finding, remedy, link));
    }
}
