package dev.rekur.cli;

import picocli.CommandLine.Option;

/** How much a verb says on standard error. */
final class Verbosity {
    private static final String LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
    /** Libraries that tell of every step of their own start; only the verbose want to know. */
    private static final String[] TALKATIVE = {
        "org.slf4j.simpleLogger.log.io.javalin", "org.slf4j.simpleLogger.log.org.eclipse.jetty"
    };

    /** What tells nothing to those who did not write the program: the names of the thread and of the class. */
    private static final String[] PLACES = {
        "org.slf4j.simpleLogger.showThreadName", "org.slf4j.simpleLogger.showLogName"
    };

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

    /**
     * Sets the level of the log, which is read once, with the first logger.
     *
     * @param usual the level where nothing was asked for
     */
    void configureLog(String usual) {
        for (String detail : PLACES) {
            if (System.getProperty(detail) == null) {
                System.setProperty(detail, "false");
            }
        }
        if (System.getProperty(LEVEL) == null) {
            System.setProperty(LEVEL, quiet ? "error" : verbose ? "info" : usual);
            if (!quiet && !verbose) {
                for (String library : TALKATIVE) {
                    System.setProperty(library, "warn");
                }
            }
        }
    }
}
