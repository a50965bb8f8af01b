package dev.rekur.cli;

import dev.rekur.error.Misspelling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rekur help}: what messages point to, and what verbs take. */
@Command(name = "help", description = "Explains a message (by the topic it names) or a verb; lists both without one.")
final class HelpVerb extends Verb {
    private static final int WIDTH = 96;
    private static final int SUGGESTIONS = 3;

    @Parameters(
            paramLabel = "TOPIC",
            arity = "0..1",
            description = "What a message names, such as weight-shape; or a verb.")
    private @Nullable String topic;

    HelpVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run() {
        Topics topics = Topics.read();
        CommandLine commands = CommandRunner.allVerbs(terminal());
        if (topic == null) {
            print(commands.getUsageMessage() + "\nTopics, which 'rekur help TOPIC' explains:\n"
                    + listed(topics.names()));
            return CommandRunner.DONE;
        }
        // a link may be given as it stands in the documentation
        String name = topic.substring(topic.indexOf('#') + 1);
        CommandLine verb = commands.getSubcommands().get(name);
        print(topics.text(name)
                .orElseGet(() -> verb == null ? unknown(name, topics, commands) : verb.getUsageMessage()));
        return CommandRunner.DONE;
    }

    private static String unknown(String name, Topics topics, CommandLine commands) {
        List<String> known = new ArrayList<>(topics.names());
        known.addAll(commands.getSubcommands().keySet());
        List<String> alike = Misspelling.alike(known, name).limit(SUGGESTIONS).toList();
        throw new UsageException("there is no topic '" + name + "'. "
                + (alike.isEmpty() ? "" : "Did you mean " + String.join(", or ", alike) + "? ")
                + "'rekur help' lists all.");
    }

    /** Names in lines. */
    private static String listed(List<String> names) {
        StringBuilder text = new StringBuilder();
        int column = 0;
        for (String name : names) {
            if (column == 0 || column + 2 + name.length() > WIDTH) {
                text.append(column == 0 ? "  " : "\n  ").append(name);
                column = 2 + name.length();
            } else {
                text.append("  ").append(name);
                column += 2 + name.length();
            }
        }
        return text.append('\n').toString();
    }
}
