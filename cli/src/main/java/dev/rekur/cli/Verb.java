package dev.rekur.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What all verbs share: help, version, and how much they say. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class Verb implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    Verb(Terminal terminal) {
        this.terminal = terminal;
    }

    final Terminal terminal() {
        return terminal;
    }

    final Verbosity verbosity() {
        return verbosity;
    }

    /** The log's level where neither quiet nor verbose was asked for. */
    String usualLogLevel() {
        return "warn";
    }

    @Override
    public final Integer call() throws Exception {
        verbosity.configureLog(usualLogLevel());
        return run();
    }

    /** Does the work; the exit code. */
    abstract int run() throws Exception;

    /** Tells the user something that is no error, unless he wants to hear nothing. */
    final void note(String message) {
        if (!verbosity.isQuiet()) {
            terminal.err().println(message);
        }
    }

    /** Prints the result. */
    final void print(String result) {
        terminal.out().print(result.endsWith("\n") ? result : result + "\n");
        terminal.out().flush();
    }
}
