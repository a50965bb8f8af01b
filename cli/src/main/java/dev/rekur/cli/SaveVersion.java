package dev.rekur.cli;

import dev.rekur.model.SaveOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Keras is to read what is written. */
final class SaveVersion {
    @Option(
            names = "--keras-version",
            paramLabel = "2|3",
            description =
                    "The Keras that is to read it (default 3; for .weights.h5 the one that wrote the model); Keras 2 reads"
                            + " .h5, .weights.h5 and .json.")
    private @Nullable Integer kerasVersion;

    /**
     * The options for writing.
     *
     * @throws UsageException if there is no such version
     */
    SaveOptions options() {
        if (kerasVersion == null) {
            return SaveOptions.DEFAULT;
        }
        if (kerasVersion != 2 && kerasVersion != 3) {
            throw new UsageException("--keras-version: expected 2 or 3, found " + kerasVersion);
        }
        return new SaveOptions(kerasVersion);
    }
}
