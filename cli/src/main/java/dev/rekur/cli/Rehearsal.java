package dev.rekur.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs what users run first, so that the JVM can write down which classes that takes; the {@code rekur} script shares
 * them with later runs.
 */
final class Rehearsal {
    private Rehearsal() {}

    /** Runs a few verbs on the example in the folder that is the only argument. */
    public static void main(String[] arguments) throws IOException {
        Path example = Path.of(arguments[0]);
        String texts = example.resolve("debian-sections.keras").toString();
        String tokens = example.resolve("debian-sections-tokens.keras").toString();
        Path output = Files.createTempFile("rekur", ".npz");
        try {
            run("summary", texts);
            run("check", texts);
            run("predict", texts, "--input", example.resolve("inputs.npz").toString());
            String input = example.resolve("inputs-tokens.npz").toString();
            run("predict", tokens, "--input", input, "--output", output.toString());
            run("verify", tokens, "--input", input, "--expected", output.toString());
            run("--help");
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static void run(String... arguments) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        new CommandRunner(InputStream.nullInputStream(), nowhere, nowhere).run(arguments);
    }
}
