package dev.rekur.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Runs one command line; the exit code says what came of it. */
final class CommandRunner {
    static final int DONE = 0;
    static final int DIFFERENT = 1;
    static final int USER = 2;
    static final int DEFECT = 70;
    static final int INTERRUPTED = 130;

    private static final Map<String, Function<Terminal, Verb>> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("summary", SummaryVerb::new);
        VERBS.put("check", CheckVerb::new);
        VERBS.put("predict", PredictVerb::new);
        VERBS.put("verify", VerifyVerb::new);
        VERBS.put("convert", ConvertVerb::new);
        VERBS.put("bench", BenchVerb::new);
        VERBS.put("train", TrainVerb::new);
        VERBS.put("evaluate", EvaluateVerb::new);
        VERBS.put("serve", ServeVerb::new);
        VERBS.put("completion", CompletionVerb::new);
        VERBS.put("help", HelpVerb::new);
    }

    private final Terminal terminal;
    private final Failures failures;

    CommandRunner(InputStream in, PrintStream out, PrintStream err) {
        this.terminal = new Terminal(in, out, err);
        this.failures = new Failures(terminal);
    }

    /** The command without a verb. */
    @Command(
            name = "rekur",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Runs and trains Keras models on the JVM.",
            synopsisSubcommandLabel = "VERB")
    private static final class Root {
        @CommandLine.Mixin
        private final Verbosity verbosity = new Verbosity();
    }

    /** Runs a command line; the exit code. */
    int run(String... arguments) {
        CommandLine commands = commands(arguments);
        if (arguments.length == 0) {
            terminal.err().print(commands.getUsageMessage());
            return USER;
        }
        Optional<String> misspelt = misspelling(commands, List.of(arguments));
        if (misspelt.isPresent()) {
            terminal.err().println(misspelt.get());
            return USER;
        }
        try {
            return commands.execute(arguments);
        } catch (Error failure) { // picocli passes on what is no Exception
            return failures.explain(failure);
        }
    }

    /** What is misspelt, and where to look; it comes before what is missing because of it. */
    private static Optional<String> misspelling(CommandLine commands, List<String> words) {
        int verb = 0; // options of the command itself may come before it
        while (verb < words.size() && words.get(verb).startsWith("-")) {
            verb++;
        }
        CommandLine asked = verb < words.size() ? commands.getSubcommands().get(words.get(verb)) : null;
        Optional<String> found = UnknownWord.ofOption(commands, words.subList(0, verb));
        if (found.isEmpty() && asked != null) {
            found = UnknownWord.ofOption(asked, words.subList(verb + 1, words.size()));
        } else if (found.isEmpty() && verb < words.size()) {
            found = UnknownWord.ofVerb(commands, words.get(verb));
        }
        String command = (asked == null ? commands : asked).getCommandSpec().qualifiedName();
        return found.map(text -> text + "\n'" + command + " --help' shows what there is.");
    }

    /** The command with its verbs; where the arguments name one, with that alone: picocli's start-up is per verb. */
    private CommandLine commands(String... arguments) {
        CommandLine commands = new CommandLine(new Root());
        String named = arguments.length > 0 ? arguments[0] : "";
        VERBS.forEach((name, verb) -> {
            if (!VERBS.containsKey(named) || named.equals(name)) {
                commands.addSubcommand(name, verb.apply(terminal));
            }
        });
        return configured(commands);
    }

    private CommandLine configured(CommandLine commands) {
        return commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .registerConverter(Path.class, new ArgumentPath())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setAbbreviatedOptionsAllowed(false)
                .setOverwrittenOptionsAllowed(false)
                .setExecutionStrategy(this::execute)
                .setParameterExceptionHandler(this::explainUsage)
                .setExecutionExceptionHandler((failure, command, result) -> failures.explain(failure));
    }

    private int execute(CommandLine.ParseResult result) {
        CommandLine.ParseResult last = result;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!last.isUsageHelpRequested()
                && !last.isVersionHelpRequested()
                && !(last.commandSpec().userObject() instanceof Verb)) {
            throw new ParameterException(last.commandSpec().commandLine(), "a verb is missing");
        }
        return new CommandLine.RunLast().execute(result);
    }

    private int explainUsage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        terminal.err().println(inPlainWords(String.valueOf(failure.getMessage())));
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(
                failure, new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))) {
            terminal.err().println("'" + command.getCommandSpec().qualifiedName() + " --help' shows what there is.");
        }
        return USER;
    }

    /** The message without Java's names of types; and what may have become of the model. */
    private static String inPlainWords(String message) {
        String plain = message.replaceFirst("is not an? (int|long)$", "is not a whole number")
                .replaceFirst("is not a (double|float)$", "is not a number");
        return plain.startsWith("Missing required parameter: 'MODEL'")
                ? plain + "; it comes first, options that take several words would swallow it"
                : plain;
    }

    /** The command with all verbs. */
    static CommandLine allVerbs(Terminal terminal) {
        return new CommandRunner(terminal.in(), terminal.out(), terminal.err()).commands();
    }
}
