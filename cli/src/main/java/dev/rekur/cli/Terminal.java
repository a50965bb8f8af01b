package dev.rekur.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a verb reads and writes.
 *
 * @param in standard input
 * @param out the result, and nothing else
 * @param err progress, warnings, errors
 */
record Terminal(InputStream in, PrintStream out, PrintStream err) {
    /** The script sets it when standard error is a terminal, which Java cannot tell. */
    private static final String INTERACTIVE = "rekur.terminal";

    /** The same for standard output. */
    private static final String OUTPUT_INTERACTIVE = "rekur.terminal.out";

    /** True if somebody is watching standard output. */
    boolean isOutputInteractive() {
        return Boolean.getBoolean(OUTPUT_INTERACTIVE);
    }

    /** True if somebody is watching standard error. */
    boolean isInteractive() {
        return Boolean.getBoolean(INTERACTIVE);
    }
}
