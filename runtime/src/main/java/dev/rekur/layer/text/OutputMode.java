package dev.rekur.layer.text;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Locale;

/** What a layer makes of the indices of its words; Keras's {@code output_mode}. */
enum OutputMode {
    /** The indices themselves. */
    INT,
    /** For each word a vector of zeros, and a one at its index. */
    ONE_HOT,
    /** For each row a vector of zeros, and a one at the index of each word that occurs. */
    MULTI_HOT,
    /** For each row a vector that says how often each word occurs. */
    COUNT,
    /** The same, each count times the word's weight. */
    TF_IDF;

    static OutputMode read(LayerConfig config) {
        if (config.values().containsKey("output_mode") && config.raw("output_mode") == null) {
            config.problem(
                    "'output_mode' is null: the layer puts out texts, which is not supported",
                    "Set output_mode='int' or one of the modes that count",
                    "docs/TROUBLESHOOTING.md#configuration-value");
            return INT;
        }
        String name = config.oneOf(
                "output_mode", "int", List.of("int", "one_hot", "multi_hot", "count", "tf_idf", "binary", "tf-idf"));
        return switch (name) {
            case "binary" -> MULTI_HOT; // names of Keras before 2.6
            case "tf-idf" -> TF_IDF;
            default -> valueOf(name.toUpperCase(Locale.ROOT));
        };
    }

    /** True if the words of a row become one vector. */
    boolean sumsRows() {
        return this == MULTI_HOT || this == COUNT || this == TF_IDF;
    }
}
