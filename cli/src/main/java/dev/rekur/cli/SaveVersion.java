package dev.rekur.cli;

import dev.rekur.model.SaveOptions;
import picocli.CommandLine.Option;

/** Which Keras is to read what is written. */
final class SaveVersion {
    @Option(
            names = "--keras-version",
            paramLabel = "2|3",
            defaultValue = "3",
            description = "The Keras that is to read it (default ${DEFAULT-VALUE}); Keras 2 reads .h5 and .json.")
    private int kerasVersion;

    /**
     * The options for writing.
     *
     * @throws UsageException if there is no such version
     */
    SaveOptions options() {
        if (kerasVersion != 2 && kerasVersion != 3) {
            throw new UsageException("--keras-version: expected 2 or 3, found " + kerasVersion);
        }
        return new SaveOptions(kerasVersion);
    }
}
