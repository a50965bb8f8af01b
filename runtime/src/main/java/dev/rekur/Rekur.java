package dev.rekur;

import dev.rekur.error.InvalidInputException;
import dev.rekur.error.ModelFormatException;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.format.ModelFormat;
import dev.rekur.format.ModelReading;
import dev.rekur.format.ModelSource;
import dev.rekur.layer.LayerRegistry;
import dev.rekur.layer.standard.StandardLayers;
import dev.rekur.model.Model;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Where everything begins: {@code Rekur.load(Path.of("model.keras"))}. */
public final class Rekur {
    private Rekur() {}

    /**
     * Loads a model, recognised by content: a {@code .keras} file or unpacked directory, or an {@code .h5} file.
     *
     * @throws InvalidInputException if there is no such file
     * @throws ModelFormatException if the file is broken or of no known format
     * @throws UnsupportedModelException if it uses what Rekur lacks
     */
    public static Model load(Path path) {
        return read(ModelSource.of(path)).modelOrThrow();
    }

    /** Loads a configuration, {@code model.to_json()}, together with its weights file. */
    public static Model load(Path configuration, Path weights) {
        return read(ModelSource.of(configuration, weights)).modelOrThrow();
    }

    /** Loads a model from memory; {@code content} must not be written to meanwhile. */
    public static Model load(String name, byte[] content) {
        return read(ModelSource.of(name, content)).modelOrThrow();
    }

    /** Reads a file as far as it can be read, and reports what was found, supported or not. */
    public static ModelReading read(ModelSource source) {
        return read(source, StandardLayers.registry());
    }

    /** Like {@link #read(ModelSource)}, with layers of the caller's own. */
    public static ModelReading read(ModelSource source, LayerRegistry registry) {
        if (source.path().isPresent() && !Files.exists(source.path().get())) {
            throw new InvalidInputException(
                    source.name(),
                    "there is no such file or folder",
                    "Correct its name.",
                    "docs/TROUBLESHOOTING.md#no-such-file");
        }
        List<String> known = new ArrayList<>();
        for (ModelFormat format : ServiceLoader.load(ModelFormat.class, Rekur.class.getClassLoader())) {
            if (format.recognizes(source)) {
                if (source.weights().isPresent() && !format.takesWeights()) {
                    throw new InvalidInputException(source.name() + " (" + format.name()
                            + ") holds its own weights; a separate weights file goes with a configuration,"
                            + " model.to_json(). Leave it out, or give the configuration in place of the model");
                }
                return format.read(source, registry);
            }
            known.add(format.name());
        }
        if (known.isEmpty()) {
            throw new ModelFormatException(source.name()
                    + ": no file format is installed; add the artifact dev.rekur:rekur-importer to the class path");
        }
        throw new ModelFormatException(
                source.name(),
                UnknownContent.of(source) + "; expected one of " + known,
                "",
                "docs/TROUBLESHOOTING.md#unknown-format");
    }
}
