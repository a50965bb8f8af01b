package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.layer.KerasVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Gives text layers their vocabulary: from the configuration, where it was given to the constructor, or from the
 * archive's assets, where the layer was adapted. A vocabulary that is the name of a file is never opened.
 */
final class Vocabularies {
    private static final Set<String> TEXT_LAYERS =
            Set.of("TextVectorization", "StringLookup", "IntegerLookup", "Hashing", "CategoryEncoding");
    private static final int SPECIAL_TOKENS_LIMIT = 1000;
    private static final long PADDED_LIMIT = 1_000_000;
    private static final Set<String> WITH_VOCABULARY = Set.of("TextVectorization", "StringLookup");

    private final Function<String, Optional<String>> assets;
    private final BiFunction<String, Long, Optional<List<Float>>> idfWeights;
    private final Map<String, Map<String, Object>> learned;

    /** What goes before a layer's name in {@link #learned}: the names of the models around it. */
    private final String prefix;

    /** Where in the file the folder of layers is. */
    private final String folder;

    /**
     * @param assets content of {@code assets/<path>}, if there is such an asset
     * @param idfWeights values of the dataset at a path of the weights, if there is one; no more than a number of them
     */
    Vocabularies(
            Function<String, Optional<String>> assets, BiFunction<String, Long, Optional<List<Float>>> idfWeights) {
        this(assets, idfWeights, new LinkedHashMap<>(), "", "");
    }

    private Vocabularies(
            Function<String, Optional<String>> assets,
            BiFunction<String, Long, Optional<List<Float>>> idfWeights,
            Map<String, Map<String, Object>> learned,
            String prefix,
            String folder) {
        this.assets = assets;
        this.idfWeights = idfWeights;
        this.learned = learned;
        this.prefix = prefix;
        this.folder = folder;
    }

    /** The same file's vocabularies for the layers of a nested model. */
    Vocabularies inside(LayerEntry model) {
        return new Vocabularies(
                assets, idfWeights, learned, prefix + model.name() + "/", folder + "layers/" + model.group() + "/");
    }

    /** Vocabularies that were read before, by path of the layer; for a configuration that has no file any more. */
    static Vocabularies known(Map<String, Map<String, Object>> learned) {
        Vocabularies vocabularies = new Vocabularies(path -> Optional.empty(), (path, limit) -> Optional.empty());
        vocabularies.learned.putAll(learned);
        return vocabularies;
    }

    /** By path of a layer, what was put into its configuration because the file keeps it elsewhere. */
    Map<String, Map<String, Object>> learned() {
        return Collections.unmodifiableMap(learned);
    }

    /** True for classes whose groups in a weights file hold nothing that is a weight. */
    static boolean isTextLayer(String className) {
        return TEXT_LAYERS.contains(className);
    }

    /** Puts vocabulary and weights into the configuration; false, with a problem, if there are none to be had. */
    boolean inject(LayerEntry entry, Map<String, Object> config, KerasVersion version, List<Problem> problems) {
        if (entry.operation() || !WITH_VOCABULARY.contains(entry.className())) {
            return true;
        }
        config.putAll(learned.getOrDefault(prefix + entry.name(), Map.of()));
        Object vocabulary = config.get("vocabulary");
        if (vocabulary instanceof String) {
            problems.add(new Problem(
                    entry.owner() + " at " + entry.place() + ".config.vocabulary",
                    "the vocabulary is the name of a file, " + JsonTree.brief(vocabulary)
                            + ", which Rekur does not open",
                    "Give the layer the list of words, or adapt it, and save the model again: then the file holds them.",
                    "docs/TROUBLESHOOTING.md#vocabulary"));
            return false;
        }
        if (vocabulary == null) {
            Optional<String> text = assets.apply(folder + "layers/" + entry.group() + "/vocabulary.txt")
                    .or(() -> assets.apply(folder + "layers/" + entry.group() + "/_lookup_layer/vocabulary.txt"))
                    .or(() -> assets.apply(
                            folder + "_layer_checkpoint_dependencies/" + entry.group() + "/vocabulary.txt"));
            if (text.isEmpty()) {
                problems.add(new Problem(
                        entry.owner() + " at " + entry.place(),
                        "has no vocabulary, neither in its configuration nor in the file's assets",
                        "Adapt the layer before saving the model, and save it as .keras: .h5 files and configurations do"
                                + " not hold what was adapted.",
                        "docs/TROUBLESHOOTING.md#vocabulary"));
                return false;
            }
            learn(entry, config, "vocabulary", lines(text.get(), version));
        }
        if (config.get("idf_weights") == null && "tf_idf".equals(config.get("output_mode"))) {
            long limit = weightsLimit(config);
            idfWeights
                    .apply(folder + "layers/" + entry.group() + "/vars/idf_weights", limit)
                    .or(() -> idfWeights.apply(
                            folder + "layers/" + entry.group() + "/_lookup_layer/vars/idf_weights", limit))
                    .ifPresent(weights -> learn(entry, config, "idf_weights", weights));
        }
        return true;
    }

    private void learn(LayerEntry entry, Map<String, Object> config, String key, Object value) {
        config.put(key, value);
        learned.computeIfAbsent(prefix + entry.name(), name -> new LinkedHashMap<>())
                .put(key, value);
    }

    /** One for each word and each index for unknown words, or as many as the padded vocabulary has. */
    private static long weightsLimit(Map<String, Object> config) {
        long words = JsonTree.list(config.get("vocabulary")).orElse(List.of()).size();
        long padded = config.get("max_tokens") instanceof Number tokens ? tokens.longValue() : 0;
        return Math.max(words + SPECIAL_TOKENS_LIMIT, Math.min(padded, PADDED_LIMIT));
    }

    /**
     * Lines as the Keras that wrote the file reads them: what Python's text files take for the end of a line ends one, and in newer
     * versions whatever {@code splitlines} does, which leave out empty lines at the end too.
     */
    static List<String> lines(String text, KerasVersion version) {
        boolean everySeparator = version.splitsVocabulariesAtEverySeparator();
        List<String> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || everySeparator && isSeparator(c)) {
                lines.add(text.substring(from, i));
                if (text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                from = i + 1;
            }
        }
        lines.add(text.substring(from));
        while (everySeparator && !lines.isEmpty() && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static boolean isSeparator(char c) {
        return c == 0x0B || c == 0x0C || c >= 0x1C && c <= 0x1E || c == 0x85 || c == 0x2028 || c == 0x2029;
    }
}
