package dev.rekur.layer.text;

import dev.rekur.layer.LayerConfig;
import java.util.List;

/**
 * Words joined by blanks: all runs of {@code widths[0]} words, then all of {@code widths[1]}, and so on, as {@code
 * tf.strings.ngrams} orders them.
 *
 * @param upTo all widths from 1 to this; 0 if {@code widths} are given
 * @param widths numbers of words, each at least 1
 */
public record Ngrams(int upTo, List<Integer> widths) {
    /** Single words. */
    public static final Ngrams NONE = new Ngrams(1, List.of());

    public Ngrams {
        widths = List.copyOf(widths);
    }

    static Ngrams read(LayerConfig config) {
        Object value = config.raw("ngrams");
        if (value == null) {
            return NONE;
        }
        List<Integer> widths = config.integers("ngrams", List.of());
        for (int width : widths) {
            if (width < 1) {
                widths = List.of();
            }
        }
        if (widths.isEmpty()) {
            config.problem(
                    "'ngrams': expected numbers of words of at least 1, found " + value,
                    "Set ngrams to None, to the largest number of words, or to a tuple of such numbers",
                    "docs/TROUBLESHOOTING.md#configuration-value");
            return NONE;
        }
        return value instanceof Number ? new Ngrams(widths.get(0), List.of()) : new Ngrams(0, widths);
    }

    /** True if each word stays what it is. */
    boolean areSingleWords() {
        return upTo == 1 || widths.equals(List.of(1));
    }

    /** How many n-grams so many words have. */
    long count(int words) {
        if (upTo > 0) {
            long longest = Math.min(upTo, words);
            return longest * words - longest * (longest - 1) / 2;
        }
        long count = 0;
        for (int width : widths) {
            count += Math.max(0, words - width + 1);
        }
        return count;
    }

    /** How many words decide about the first {@code limit} n-grams; more need not be read. */
    int wordsFor(int limit) {
        int first = upTo > 0 ? 1 : widths.get(0);
        return (int) Math.min(Integer.MAX_VALUE, limit + (long) first - 1);
    }

    /** The n-grams of words that stand side by side in a buffer, a blank between each two; at most {@code limit}. */
    void join(Slices words, Slices joined, int limit) {
        joined.clear();
        if (upTo > 0) {
            for (int width = 1; width <= Math.min(upTo, words.count()); width++) {
                join(words, joined, width, limit);
            }
            return;
        }
        for (int width : widths) {
            join(words, joined, width, limit);
        }
    }

    private static void join(Slices words, Slices joined, int width, int limit) {
        for (int last = width - 1; last < words.count() && joined.count() < limit; last++) {
            joined.add(words.start(last - width + 1), words.end(last));
        }
    }
}
