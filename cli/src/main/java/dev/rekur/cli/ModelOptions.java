package dev.rekur.cli;

import dev.rekur.Rekur;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.model.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which model a verb works on. */
final class ModelOptions {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "A .keras file or unpacked directory, an .h5 model, or a configuration JSON with --weights.")
    private Path path;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description = "Weights of a configuration JSON: a .weights.h5, or the .weights.json of a sharded one.")
    private @Nullable Path weights;

    Path path() {
        return path;
    }

    /** Says which files are read. */
    void name(NamedFiles files) {
        files.reads("MODEL", path.toString());
        files.reads("--weights", weights == null ? null : weights.toString());
    }

    String name() {
        return source().name();
    }

    private ModelSource source() {
        return weights == null ? ModelSource.of(path) : ModelSource.of(path, weights);
    }

    /**
     * Reads the file as far as it goes.
     *
     * @throws UsageException if there is none
     */
    ModelReading read() {
        requireExists(path);
        if (weights != null) {
            requireExists(weights);
        }
        return Rekur.read(source());
    }

    private static void requireExists(Path file) {
        if (!Files.exists(file)) {
            throw new UsageException(file + ": no such file or directory");
        }
    }

    Model load() {
        return read().modelOrThrow();
    }
}
