package dev.rekur.cli;

import picocli.CommandLine.Option;

/** How much a verb says on standard error. */
final class Verbosity {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing on standard error but errors.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say on standard error what is being done.")
    private boolean verbose;

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }

    /**
     * Sets the level of the log, which is read once, with the first logger.
     *
     * @param usual the level where nothing was asked for
     */
    void configureLog(String usual) {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, quiet ? "error" : verbose ? "info" : usual);
        }
    }
}
