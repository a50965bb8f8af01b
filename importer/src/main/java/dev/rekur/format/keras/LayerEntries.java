package dev.rekur.format.keras;

import dev.rekur.error.ModelFormatException;
import dev.rekur.format.ModelReading.LayerReport;
import dev.rekur.layer.LayerRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list of layers in a model's configuration. */
final class LayerEntries {
    /** Operations go by another name in the registry, because Add and Concatenate are layers too. */
    static final String OPERATION_PREFIX = "ops.";

    /** Their {@code get_config} leaves the key out; {@code keras/src/layers/regularization/spatial_dropout.py} of Keras 3.15. */
    private static final Set<String> LAYERS_WITHOUT_TRAINABLE =
            Set.of("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D");

    private static final int LAYERS_LIMIT = 10_000;
    private static final List<String> WRAPPED = List.of("layer", "backward_layer", "cell", "cells", "layers");

    private LayerEntries() {}

    /**
     * Reads the list.
     *
     * @param source the file's name, for messages
     * @param place JSON path of the list
     */
    static List<LayerEntry> read(String source, String place, List<?> layers) {
        long count = count(layers);
        if (count > LAYERS_LIMIT) {
            throw new ModelFormatException(
                    source + ": at " + place,
                    "expected at most " + LAYERS_LIMIT + " layers, found " + count,
                    "",
                    "docs/TROUBLESHOOTING.md#limits");
        }
        List<LayerEntry> entries = new ArrayList<>();
        Map<String, Integer> groups = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < layers.size(); i++) {
            LayerEntry entry = read(source, place + "[" + i + "]", layers.get(i), groups);
            if (!names.add(entry.name())) {
                throw new ModelFormatException(
                        source + ": at " + entry.place(),
                        "layer name '" + entry.name() + "' is there twice",
                        "Names must be unique; save the model again.",
                        "docs/TROUBLESHOOTING.md#damaged-configuration");
            }
            entries.add(entry);
        }
        return entries;
    }

    /** The layers with those of models inside; depth is bounded by that of the JSON document. */
    private static long count(List<?> layers) {
        long count = layers.size();
        for (Object layer : layers) {
            Object config =
                    JsonTree.object(layer).map(object -> object.get("config")).orElse(null);
            count += JsonTree.list(config)
                    .or(() -> JsonTree.object(config).flatMap(inner -> JsonTree.list(inner.get("layers"))))
                    .map(LayerEntries::count)
                    .orElse(0L);
        }
        return count;
    }

    private static LayerEntry read(String source, String place, Object value, Map<String, Integer> groups) {
        Map<String, Object> object = JsonTree.object(value).orElse(Map.of());
        String className = JsonTree.text(object.get("class_name")).orElse("");
        Map<String, Object> config = JsonTree.object(object.get("config")).orElse(Map.of());
        if (className.isEmpty()) {
            throw new ModelFormatException(
                    source + ": at " + place,
                    "expected a layer, an object with 'class_name' and 'config', found " + JsonTree.brief(value),
                    "Save the model again.",
                    "docs/TROUBLESHOOTING.md#damaged-configuration");
        }
        boolean operation = isOperation(object, config);
        String group = operation ? "" : group(className, groups);
        String name = JsonTree.text(object.get("name"))
                .or(() -> JsonTree.text(config.get("name")))
                .orElse(group.isEmpty() ? place : group);
        Map<String, Object> stored = new LinkedHashMap<>(object);
        List<?> inboundNodes = JsonTree.list(stored.remove("inbound_nodes")).orElse(List.of());
        return new LayerEntry(
                name, className, operation, group, place, Collections.unmodifiableMap(stored), inboundNodes);
    }

    /** Keras counts each class in the order of the layers; see {@code _get_unique_name} in its saving_lib.py. */
    private static String group(String className, Map<String, Integer> groups) {
        String base = SnakeCase.of(className);
        int count = groups.merge(base, 1, Integer::sum) - 1;
        return count == 0 ? base : base + "_" + count;
    }

    /** Legacy files omit the module, but only layers have the key 'trainable', and all but a few have it. */
    static boolean isOperation(Map<String, Object> object, Map<String, Object> config) {
        if (object.get("module") instanceof String module) {
            return module.startsWith("keras.src.ops") || module.startsWith("keras.ops");
        }
        boolean keras3Calls = JsonTree.list(object.get("inbound_nodes")).orElse(List.of()).stream()
                .anyMatch(node -> node instanceof Map<?, ?> map && map.containsKey("args"));
        return keras3Calls
                && !config.containsKey("trainable")
                && !LAYERS_WITHOUT_TRAINABLE.contains(String.valueOf(object.get("class_name")));
    }

    /** The class name under which the registry knows it. */
    static String registered(LayerEntry entry) {
        return entry.operation() ? OPERATION_PREFIX + entry.className() : entry.className();
    }

    /** A line for each layer, and for each layer that it wraps. */
    static List<LayerReport> report(List<LayerEntry> entries, LayerRegistry registry) {
        List<LayerReport> reports = new ArrayList<>();
        for (LayerEntry entry : entries) {
            String className = entry.operation() ? "keras.ops." + entry.className() : entry.className();
            reports.add(new LayerReport(entry.name(), className, isSupported(entry, registry)));
            reportWrapped(entry.name(), entry.config(), registry, reports);
        }
        return reports;
    }

    /** A line for each layer that a layer wraps. */
    static List<LayerReport> reportWrapped(LayerEntry entry, LayerRegistry registry) {
        List<LayerReport> reports = new ArrayList<>();
        reportWrapped(entry.name(), entry.config(), registry, reports);
        return reports;
    }

    private static boolean isSupported(LayerEntry entry, LayerRegistry registry) {
        if (entry.isModel()) {
            return !(entry.object().get("registered_name") instanceof String custom && custom.contains(">"));
        }
        return entry.object().get("registered_name") instanceof String custom && custom.contains(">")
                ? registry.has(custom)
                : registry.has(registered(entry));
    }

    /** Depth is bounded by that of the JSON document. */
    private static void reportWrapped(
            String owner, Map<String, Object> config, LayerRegistry registry, List<LayerReport> reports) {
        for (String key : WRAPPED) {
            List<?> values = config.get(key) instanceof List<?> several
                    ? several
                    : config.get(key) == null ? List.of() : List.of(config.get(key));
            for (Object value : values) {
                Map<String, Object> object = JsonTree.object(value).orElse(Map.of());
                if (object.get("class_name") instanceof String className && object.get("config") != null) {
                    Map<String, Object> inner =
                            JsonTree.object(object.get("config")).orElse(Map.of());
                    String name =
                            owner + " > " + JsonTree.text(inner.get("name")).orElse(key);
                    LayerEntry entry =
                            new LayerEntry(name, className, isOperation(object, inner), "", owner, object, List.of());
                    boolean wrappedModel = entry.isModel() && !key.equals("layers"); // in a TimeDistributed, say
                    reports.add(new LayerReport(name, className, !wrappedModel && isSupported(entry, registry)));
                    reportWrapped(name, inner, registry, reports);
                }
            }
        }
    }
}
