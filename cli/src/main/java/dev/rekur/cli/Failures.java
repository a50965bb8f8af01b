package dev.rekur.cli;

import dev.rekur.error.RekurException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Turns whatever goes wrong into a message and an exit code. */
final class Failures {
    private final Terminal terminal;

    Failures(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Tells the user what went wrong; the exit code. */
    int explain(Throwable failure) {
        terminal.out().flush();
        if (failure instanceof RekurException known) {
            terminal.err().println(CommandWords.message(known));
            return CommandRunner.USER;
        }
        if (failure instanceof UsageException) {
            terminal.err().println(failure.getMessage());
            return CommandRunner.USER;
        }
        if (failure instanceof OutOfMemoryError) {
            terminal.err()
                    .println("not enough memory: " + failure.getMessage()
                            + "\nGive the JVM more with REKUR_JAVA_OPTS=-Xmx4g, say, or use a smaller --batch-size.");
            return CommandRunner.USER;
        }
        return defect(failure);
    }

    private int defect(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        terminal.err()
                .println("This is a defect of Rekur. Please report it, with the lines below and, if you may, the"
                        + " file that caused it.");
        terminal.err()
                .println(Version.text() + ", Java " + System.getProperty("java.version") + ", "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        terminal.err().print(trace);
        return CommandRunner.DEFECT;
    }
}
