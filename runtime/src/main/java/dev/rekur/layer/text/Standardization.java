package dev.rekur.layer.text;

import dev.rekur.layer.LayerConfig;
import java.util.List;
import java.util.Locale;

/** What is done to a text before it is split; Keras's {@code standardize}. */
public enum Standardization {
    LOWER_AND_STRIP_PUNCTUATION,
    LOWER,
    STRIP_PUNCTUATION,
    NONE;

    /** Stands for a character that is taken away. */
    static final int GONE = -1;

    private static final int ASCII = 128;
    private static final String PUNCTUATION = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'";

    private final short[] ascii = new short[ASCII];

    Standardization() {
        boolean lowers = name().startsWith("LOWER");
        boolean strips = name().endsWith("PUNCTUATION");
        for (char c = 0; c < ASCII; c++) {
            // tf.strings.lower without an encoding knows no letters but these
            ascii[c] = (short) (lowers && c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
            if (strips && isPunctuation(c)) {
                ascii[c] = GONE;
            }
        }
    }

    private static boolean isPunctuation(char c) {
        return PUNCTUATION.indexOf(c) >= 0;
    }

    static Standardization read(LayerConfig config) {
        if (config.values().containsKey("standardize") && config.raw("standardize") == null) {
            return NONE;
        }
        if (config.has("standardize") && !(config.raw("standardize") instanceof String)) {
            config.problem(
                    "'standardize' is a function, which Rekur cannot run",
                    "Use one of Keras's own: lower_and_strip_punctuation, lower, strip_punctuation or None",
                    "docs/TROUBLESHOOTING.md#configuration-value");
            return NONE;
        }
        return valueOf(config.oneOf(
                        "standardize",
                        "lower_and_strip_punctuation",
                        List.of("lower_and_strip_punctuation", "lower", "strip_punctuation"))
                .toUpperCase(Locale.ROOT));
    }

    /** The character that comes of one, or {@link #GONE}. */
    int of(char c) {
        return c < ASCII ? ascii[c] : c;
    }
}
