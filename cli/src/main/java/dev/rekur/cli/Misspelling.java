package dev.rekur.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Finds words on a command line that look like an option or a verb and are none, before anything else is said about it. */
final class Misspelling {
    /** How many letters say what is meant where more than they stand in a name. */
    private static final int TELLING = 4;

    private Misspelling() {}

    /**
     * The first option that the command does not have, with the one that was probably meant.
     *
     * @param command the verb, or the command itself where no verb is named
     * @param words what follows it
     */
    static Optional<String> ofOption(CommandLine command, List<String> words) {
        boolean value = false;
        for (String word : words) {
            if (word.equals("--")) {
                return Optional.empty();
            }
            String name = word.substring(0, word.indexOf('=') < 0 ? word.length() : word.indexOf('='));
            OptionSpec option = command.getCommandSpec().findOption(name);
            if (option == null && !value && looksLikeOption(word)) {
                return Optional.of("Unknown option: '" + name + "'"
                        + meant(command.getCommandSpec().optionsMap().keySet(), name));
            }
            value = option != null && option.arity().min() > 0 && name.equals(word);
        }
        return Optional.empty();
    }

    /** A word that should have been a verb, with the one that was probably meant. */
    static Optional<String> ofVerb(CommandLine commands, String word) {
        return Optional.of("There is no verb '" + word + "'"
                + meant(commands.getSubcommands().keySet(), word));
    }

    private static boolean looksLikeOption(String word) {
        return word.startsWith("-") && word.length() > 1 && !Character.isDigit(word.charAt(1)) && word.charAt(1) != '.';
    }

    private static String meant(Collection<String> candidates, String word) {
        return alike(candidates, word)
                .findFirst()
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /**
     * The candidates that were probably meant, the likeliest first: those that begin as the word does, those that hold all of it,
     * and the nearest that few changes of letters make of it.
     */
    static Stream<String> alike(Collection<String> candidates, String word) {
        return candidates.stream()
                .filter(candidate -> candidate.startsWith(word)
                        || holds(candidate, word)
                        || distance(word, candidate) <= Math.max(2, word.length() / 3))
                .sorted(Comparator.comparing((String candidate) -> !candidate.startsWith(word))
                        .thenComparing(candidate -> !holds(candidate, word))
                        .thenComparing(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Whether a name holds a word that is long enough to mean something. */
    private static boolean holds(String candidate, String word) {
        return word.length() >= TELLING && candidate.contains(word);
    }

    /** Letters to insert, remove, replace, or swap with their neighbour: the distance of Damerau and Levenshtein. */
    private static int distance(String a, String b) {
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
