package dev.rekur.format.keras;

import dev.rekur.format.hdf5.NewDataset;
import dev.rekur.format.hdf5.NewGroup;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.Layer;
import dev.rekur.layer.text.StringLookup;
import dev.rekur.layer.text.TextVectorization;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What text layers learned when they were adapted: vocabularies, and the weights of words. An archive has places for
 * them; in formats that have none they become part of the configuration, as if they had been given to the constructor.
 * {@link Vocabularies} reads both.
 */
final class LearnedText {
    private static final String VOCABULARY = "vocabulary";
    private static final String WEIGHTS = "idf_weights";

    private LearnedText() {}

    /** Whether a vocabulary has words that the Keras which reads the archive would not find again in a file of lines. */
    static boolean outgrowsLines(Model model) {
        return TargetModel.configuration(model).learned().values().stream()
                .map(learned -> learned.get(VOCABULARY))
                .anyMatch(words -> words instanceof List<?> list
                        && !Vocabularies.lines(text(list), KerasVersion.NEWEST).equals(list));
    }

    private static String text(List<?> words) {
        return String.join("\n", words.stream().map(String::valueOf).toList());
    }

    /** The assets of an archive: content by path. None if vocabularies are in the configuration. */
    static Map<String, String> assets(TargetModel target) {
        Map<String, String> assets = new LinkedHashMap<>();
        if (!outgrowsLines(target.model())) {
            addAssets(target, "assets/", assets);
        }
        return assets;
    }

    private static void addAssets(TargetModel target, String place, Map<String, String> assets) {
        Map<String, Map<String, Object>> learned =
                TargetModel.configuration(target.model()).learned();
        for (LayerEntry entry : target.entries()) {
            String folder = place + "layers/" + entry.group();
            target.inside(entry).ifPresent(inside -> addAssets(inside, folder + "/", assets));
            Object words = learned.getOrDefault(target.prefix() + entry.name(), Map.of())
                    .get(VOCABULARY);
            if (words instanceof List<?> list) {
                String text = text(list);
                assets.put(folder + "/vocabulary.txt", text);
                if (entry.className().equals("TextVectorization")) {
                    assets.put(folder + "/_lookup_layer/vocabulary.txt", text);
                }
            }
        }
    }

    /** Adds to a layer's group the weights of its words, which Keras keeps there wherever else they are. */
    static void addWeights(TargetModel target, LayerEntry entry, Layer layer, NewGroup group) {
        float[] weights = weights(target, entry, layer);
        boolean vectorization = layer instanceof TextVectorization;
        if (vectorization) {
            group.group("_lookup_layer/vars").text("name", "string_lookup");
        }
        if (weights.length > 0) {
            NewDataset dataset = NewDataset.float32(FloatTensor.wrap(Shape.of(weights.length), weights));
            group.dataset("vars/" + WEIGHTS, dataset);
            if (vectorization) {
                group.dataset("_lookup_layer/vars/" + WEIGHTS, dataset);
            }
        }
    }

    private static float[] weights(TargetModel target, LayerEntry entry, Layer layer) {
        Object learned = TargetModel.configuration(target.model())
                .learned()
                .getOrDefault(target.prefix() + entry.name(), Map.of())
                .get(WEIGHTS);
        if (learned instanceof List<?> list) {
            float[] weights = new float[list.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = ((Number) list.get(i)).floatValue();
            }
            return weights;
        }
        return layer instanceof TextVectorization vectorization
                ? vectorization.encoding().weights()
                : layer instanceof StringLookup lookup ? lookup.encoding().weights() : new float[0];
    }

    /**
     * A configuration of a layer with what it learned.
     *
     * @param layerPath its name, or its path in a nested model
     */
    static Map<String, Object> inject(ModelConfiguration source, String layerPath, Map<String, Object> config) {
        Map<String, Object> learned = source.learned().getOrDefault(layerPath, Map.of());
        if (learned.isEmpty()) {
            return config;
        }
        Map<String, Object> whole = new LinkedHashMap<>(config);
        whole.putAll(learned);
        if (learned.get(WEIGHTS) instanceof List<?> weights && learned.get(VOCABULARY) instanceof List<?> words) {
            // an adapted layer that pads keeps weights for the padding too, which its constructor refuses
            whole.put(WEIGHTS, weights.subList(0, Math.min(weights.size(), words.size())));
        }
        return whole;
    }
}
