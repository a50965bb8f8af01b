package dev.rekur.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** What was probably meant by a name that nothing has. */
public final class Misspelling {
    /** How many letters say what is meant where more than they stand in a name. */
    private static final int TELLING = 4;

    private Misspelling() {}

    /** The end of a sentence that names the likeliest candidate, {@code "; did you mean adam?"}; empty if none is alike. */
    public static String meant(Collection<String> candidates, String word) {
        return alike(candidates, word)
                .findFirst()
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** The end of a sentence about a name that nothing has: the likeliest candidate if one is alike, and which there are. */
    public static String among(Collection<String> candidates, String word) {
        return among(candidates, word, String.join(", ", candidates));
    }

    /**
     * Like {@link #among(Collection, String)}.
     *
     * @param list the candidates as a text, where they are too many to be listed one by one
     */
    public static String among(Collection<String> candidates, String word, String list) {
        String meant = meant(candidates, word);
        return (meant.isEmpty() ? "; there are " : meant + " There are ") + list;
    }

    /**
     * The candidates that were probably meant, the likeliest first: those that begin as the word does, those that hold all of it,
     * and the nearest that few changes of letters make of it.
     */
    public static Stream<String> alike(Collection<String> candidates, String word) {
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(word)
                        || holds(candidate, word)
                        || distance(word, candidate) <= changes(word))
                .sorted(Comparator.comparing((String candidate) -> !candidate.startsWith(word))
                        .thenComparing(candidate -> !holds(candidate, word))
                        .thenComparing(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** How many letters may be wrong in a word: of a short one a single one, as two would make another word of it. */
    private static int changes(String word) {
        return word.length() <= TELLING ? 1 : Math.max(2, word.length() / 3);
    }

    /** Whether a name holds a word that is long enough to mean something. */
    private static boolean holds(String candidate, String word) {
        return word.length() >= TELLING && candidate.contains(word);
    }

    /** Letters to insert, remove, replace, or swap with their neighbour: the distance of Damerau and Levenshtein. */
    private static int distance(String word, String candidate) {
        String a = word.toLowerCase(Locale.ROOT);
        String b = candidate.toLowerCase(Locale.ROOT);
        int[][] least = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    least[i][j] = i + j;
                    continue;
                }
                int replaced = least[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                least[i][j] = Math.min(replaced, 1 + Math.min(least[i - 1][j], least[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least[i][j] = Math.min(least[i][j], least[i - 2][j - 2] + 1);
                }
            }
        }
        return least[a.length()][b.length()];
    }
}
