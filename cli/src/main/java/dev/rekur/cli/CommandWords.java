package dev.rekur.cli;

import dev.rekur.error.Problem;
import dev.rekur.error.RekurException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the library says, in the words of the command line: with its options, and with what can be read there. */
final class CommandWords {
    /** By topic of the documentation, what helps in a command where the library speaks of calls. */
    private static final Map<String, String> OPTIONS = Map.of(
            "weights-without-model",
            "In a command: name the configuration in place of the model, and these weights with --weights FILE.",
            "model-without-weights",
            "In a command: name the weights with --weights FILE.",
            "not-compiled",
            "In a command: --loss NAME; to train also --optimizer NAME.",
            "memory",
            "In a command: set REKUR_JAVA_OPTS=-Xmx4g, say.");

    private CommandWords() {}

    /** The message of an exception. */
    static String message(RekurException failure) {
        StringBuilder message = new StringBuilder(failure.message(Topics::command));
        Set<String> options = new LinkedHashSet<>();
        failure.problems().forEach(problem -> options.add(OPTIONS.getOrDefault(problem.topic(), "")));
        options.stream().filter(option -> !option.isEmpty()).forEach(option -> message.append('\n')
                .append(option));
        return message.toString();
    }

    /** The problems of a file, each on a new line. */
    static String lines(List<Problem> problems) {
        return Problem.lines(problems, Topics::command);
    }
}
