package dev.rekur.layer.text;

import dev.rekur.layer.LayerConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what both text layers have in their configuration: vocabulary, weights and output.
 *
 * <p>Follows {@code set_vocabulary} in {@code keras/src/layers/preprocessing/index_lookup.py} of Keras 3.15. An adapted
 * layer keeps its vocabulary, special tokens included, in an asset, which the reader of the archive puts into the
 * configuration under the same key.
 */
final class VocabularyReader {
    /** Weights of words and of what stands for unknown ones. */
    private static final int WEIGHTS_LIMIT = 1 << 24;

    private static final String SEE_VOCABULARY = "docs/TROUBLESHOOTING.md#vocabulary";

    private final LayerConfig config;
    private final @Nullable String maskToken;
    private final @Nullable String oovToken;
    private final UnknownWords unknownWords;
    private final OutputMode mode;
    private final boolean padded;
    private final int maxTokens;
    private Vocabulary vocabulary;
    private boolean specialTokensFound;
    private int given;

    VocabularyReader(
            LayerConfig config, @Nullable String maskToken, @Nullable String oovToken, UnknownWords unknownWords) {
        this.config = config;
        this.maskToken = maskToken;
        this.oovToken = oovToken;
        this.unknownWords = unknownWords;
        this.mode = OutputMode.read(config);
        this.maxTokens = config.integer("max_tokens", 2, Integer.MAX_VALUE);
        this.padded = config.flag("pad_to_max_tokens", false) && mode != OutputMode.INT;
        this.vocabulary = build(List.of());
        refuseUnsupported();
        readVocabulary();
        checkSizes();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    Encoding encoding() {
        return new Encoding(mode, padded ? maxTokens : vocabulary.size(), readWeights());
    }

    private void refuseUnsupported() {
        if (config.flag("sparse", false)) {
            config.problem("'sparse' output is not supported", "Set sparse=False.");
        }
        String encoding = config.text("encoding", "utf-8");
        if (!encoding.equalsIgnoreCase("utf-8") && !encoding.equalsIgnoreCase("utf8")) {
            config.problem(
                    "'encoding': expected utf-8, found '" + encoding + "'",
                    "Convert the vocabulary to UTF-8",
                    "docs/TROUBLESHOOTING.md#configuration-value");
        }
        if (config.flag("pad_to_max_tokens", false) && !config.has("max_tokens")) {
            config.problem("'pad_to_max_tokens' without 'max_tokens'", "Set max_tokens, or pad_to_max_tokens=False.");
        }
    }

    private void readVocabulary() {
        Object value = list(config.raw("vocabulary"));
        if (value instanceof String) {
            config.problem(
                    "the vocabulary is the name of a file, '" + brief((String) value) + "', which Rekur does not open",
                    "Give the layer the list of words, or adapt it, and save the model again.",
                    SEE_VOCABULARY);
            return;
        }
        if (!(value instanceof List<?> entries) || entries.isEmpty()) {
            config.problem(
                    "'vocabulary': expected a list of words, found "
                            + (value == null ? "none" : brief(String.valueOf(value))),
                    "Adapt the layer or give it a vocabulary before saving the model.",
                    SEE_VOCABULARY);
            return;
        }
        List<String> words = new ArrayList<>(entries.size());
        for (Object entry : entries) {
            if (!(entry instanceof String word)) {
                config.problem(
                        "'vocabulary': expected words, found " + brief(String.valueOf(entry)) + " at " + words.size(),
                        "Give the layer texts only.",
                        SEE_VOCABULARY);
                return;
            }
            words.add(withoutTrailingNulls(word));
        }
        given = words.size();
        int masks = Vocabulary.firstUnknown(maskToken, mode == OutputMode.INT);
        List<String> tokens =
                Vocabulary.withoutSpecialTokens(words, maskToken, masks, oovToken, unknownWords.indices());
        specialTokensFound = tokens.size() == given - (long) masks - unknownWords.indices();
        checkAndBuild(tokens);
    }

    private void checkAndBuild(List<String> tokens) {
        TokenTable table = new TokenTable(tokens);
        if (table.repeated() >= 0) {
            config.problem(
                    "'vocabulary': '" + brief(tokens.get(table.repeated())) + "' occurs more than once",
                    "Keras refuses such a vocabulary too. A word that holds a line break cannot be kept in an asset.",
                    SEE_VOCABULARY);
            return;
        }
        if (maskToken != null && table.find(maskToken) >= 0) {
            config.problem(
                    "'vocabulary': the mask token '" + brief(maskToken) + "' stands among the words",
                    "Leave all special tokens out, or begin with exactly those that have an index.",
                    SEE_VOCABULARY);
            return;
        }
        vocabulary = build(table);
    }

    private Vocabulary build(List<String> tokens) {
        return build(new TokenTable(tokens));
    }

    private Vocabulary build(TokenTable table) {
        boolean maskHasIndex = mode == OutputMode.INT;
        if (Vocabulary.firstUnknown(maskToken, maskHasIndex) + (long) unknownWords.indices() + table.size()
                > Integer.MAX_VALUE) {
            config.problem(
                    "'num_oov_indices': " + unknownWords.indices() + " indices are more than Rekur can count",
                    "Use fewer.");
            return new Vocabulary(table, maskToken, maskHasIndex, UnknownWords.ONE);
        }
        return new Vocabulary(table, maskToken, maskHasIndex, unknownWords);
    }

    private void checkSizes() {
        if (vocabulary.size() > maxTokens) {
            config.problem(
                    "the vocabulary has " + vocabulary.size()
                            + " indices, special tokens included, but 'max_tokens' is " + maxTokens,
                    "Raise max_tokens or shorten the vocabulary.",
                    SEE_VOCABULARY);
        }
        if (config.has("vocabulary_size")) {
            int size = config.integer("vocabulary_size", 0);
            if (mode != OutputMode.INT && !padded && given > 0 && size != vocabulary.size()) {
                config.problem(
                        "'vocabulary_size' is " + size + ", but the vocabulary has " + vocabulary.size() + " indices",
                        "Configuration and vocabulary are not of one model.",
                        SEE_VOCABULARY);
            }
        }
        config.acknowledge("vocabulary_size", "has_input_vocabulary");
    }

    /** A weight for each index; Keras gives special tokens the mean if the list does not begin with theirs. */
    private float[] readWeights() {
        Object value = list(config.raw("idf_weights"));
        if (mode != OutputMode.TF_IDF) {
            if (value != null) {
                config.problem("'idf_weights' without output_mode 'tf_idf'", "Leave them out, or set output_mode.");
            }
            return new float[0];
        }
        if (given == 0) {
            return new float[0]; // reported already
        }
        // Keras saves the weights of an adapted and padded layer padded, which it cannot load itself.
        if (!(value instanceof List<?> list)
                || list.size() != given && !(padded && specialTokensFound && list.size() == maxTokens)) {
            config.problem(
                    "'idf_weights': expected " + given + " numbers, one for each entry of the vocabulary, found "
                            + (value instanceof List<?> several ? several.size() : value == null ? "none" : "no list"),
                    "Adapt the layer, or give it weights with its vocabulary.",
                    SEE_VOCABULARY);
            return new float[0];
        }
        double[] numbers = new double[list.size()];
        boolean whole = true;
        for (int i = 0; i < numbers.length; i++) {
            if (!(list.get(i) instanceof Number number) || !Double.isFinite(number.doubleValue())) {
                config.problem(
                        "'idf_weights': expected finite numbers, found " + list.get(i) + " at " + i,
                        "Adapt the layer again.",
                        SEE_VOCABULARY);
                return new float[0];
            }
            numbers[i] = number.doubleValue();
            whole &= number instanceof Integer || number instanceof Long || number instanceof BigInteger;
        }
        return specialTokensFound ? floats(numbers, 0) : withMean(numbers, whole);
    }

    private float[] withMean(double[] numbers, boolean whole) {
        double mean = PairwiseSum.of(numbers) / numbers.length;
        float[] weights = floats(numbers, vocabulary.firstWord());
        for (int i = 0; i < Math.min(weights.length, vocabulary.firstWord()); i++) {
            weights[i] = (float) (whole ? (long) mean : mean); // numpy pads whole numbers with whole numbers
        }
        return weights;
    }

    private float[] floats(double[] numbers, int at) {
        if (vocabulary.size() > WEIGHTS_LIMIT || padded && maxTokens > WEIGHTS_LIMIT) {
            config.problem(
                    "'num_oov_indices' or 'max_tokens' make more than " + WEIGHTS_LIMIT + " weights",
                    "Use fewer.",
                    "docs/TROUBLESHOOTING.md#limits");
            return new float[0];
        }
        float[] floats = new float[vocabulary.size()];
        for (int i = 0; i < Math.min(numbers.length, floats.length - at); i++) {
            floats[at + i] = (float) numbers[i];
        }
        return floats;
    }

    private static @Nullable Object list(@Nullable Object value) {
        // Keras wraps tuples: {"class_name": "__tuple__", "items": [...]}
        return value instanceof Map<?, ?> object && object.get("items") instanceof List<?> items ? items : value;
    }

    /** numpy, which Keras keeps the words in, takes null characters at the end for padding. */
    private static String withoutTrailingNulls(String word) {
        int end = word.length();
        while (end > 0 && word.charAt(end - 1) == 0) {
            end--;
        }
        return word.substring(0, end);
    }

    /** A text short enough for a message. */
    static String brief(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}
