package dev.rekur.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the {@code rekur} command begins. */
public final class Main {
    private Main() {}

    /** Runs a verb and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        // the terminal's encoding as Java guesses it turns the lines of a table into question marks
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        PrintStream err = StandardError.open();
        int exit = new CommandRunner(System.in, out, err).run(arguments);
        out.flush();
        System.exit(exit);
    }
}
