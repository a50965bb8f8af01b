package dev.rekur.cli;

/** One line on standard error that tells how far a verb is; only where somebody is watching. */
final class Progress implements AutoCloseable {
    private static final long INTERVAL_NANOS = 100_000_000;

    private final Terminal terminal;
    private final boolean shown;
    private long last = System.nanoTime();
    private int width;

    Progress(Terminal terminal, Verbosity verbosity) {
        this.terminal = terminal;
        this.shown = terminal.isInteractive() && !verbosity.isQuiet();
    }

    /** Replaces the line, ten times a second at most. */
    void show(String text) {
        if (shown && System.nanoTime() - last >= INTERVAL_NANOS) {
            terminal.err().print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
            width = text.length();
            last = System.nanoTime();
        }
    }

    @Override
    public void close() {
        clear();
    }

    /** Removes the line. */
    void clear() {
        if (width > 0) {
            terminal.err().print("\r" + " ".repeat(width) + "\r");
            width = 0;
        }
    }
}
