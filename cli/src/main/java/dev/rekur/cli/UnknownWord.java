package dev.rekur.cli;

import dev.rekur.error.Misspelling;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Finds words on a command line that look like an option or a verb and are none, before anything else is said about it. */
final class UnknownWord {
    private UnknownWord() {}

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
                        + Misspelling.meant(
                                command.getCommandSpec().optionsMap().keySet(), name));
            }
            value = option != null && option.arity().min() > 0 && name.equals(word);
        }
        return Optional.empty();
    }

    /** A word that should have been a verb, with the one that was probably meant. */
    static Optional<String> ofVerb(CommandLine commands, String word) {
        return Optional.of("There is no verb '" + word + "'"
                + Misspelling.meant(commands.getSubcommands().keySet(), word));
    }

    private static boolean looksLikeOption(String word) {
        return word.startsWith("-") && word.length() > 1 && !Character.isDigit(word.charAt(1)) && word.charAt(1) != '.';
    }
}
