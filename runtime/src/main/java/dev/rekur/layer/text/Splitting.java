package dev.rekur.layer.text;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Locale;

/** How a text is split into words; Keras's {@code split}. */
public enum Splitting {
    /** At the blanks that {@code tf.strings.split} knows: U+0009 to U+000D and U+0020, however many. */
    WHITESPACE,
    /** Into its code points, blanks included; {@code tf.strings.unicode_split}. */
    CHARACTER,
    /** Not at all. */
    NONE;

    static Splitting read(LayerConfig config) {
        if (config.values().containsKey("split") && config.raw("split") == null) {
            return NONE;
        }
        if (config.has("split") && !(config.raw("split") instanceof String)) {
            config.problem(
                    "'split' is a function, which Rekur cannot run",
                    "Use one of Keras's own: whitespace, character or None",
                    "docs/TROUBLESHOOTING.md#configuration-value");
            return NONE;
        }
        return valueOf(config.oneOf("split", "whitespace", List.of("whitespace", "character"))
                .toUpperCase(Locale.ROOT));
    }

    static boolean isBlank(int c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
