package dev.rekur.format;

import dev.rekur.error.InvalidInputException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model is read from. Nothing but the files named here is ever opened.
 *
 * @param name for messages: the file's name
 * @param path the file or directory; empty if the content was given
 * @param content the content; empty if a path was given
 * @param weights a separate weights file, for configurations that come without
 */
public record ModelSource(String name, Optional<Path> path, Optional<byte[]> content, Optional<Path> weights) {
    public ModelSource {
        if (name == null) {
            throw new InvalidInputException("expected a name of the model for messages, found null");
        }
    }

    public static ModelSource of(Path path) {
        return new ModelSource(nameOf(path), Optional.of(path), Optional.empty(), Optional.empty());
    }

    /** A configuration (JSON) and the weights that belong to it. */
    public static ModelSource of(Path configuration, Path weights) {
        return new ModelSource(
                nameOf(configuration),
                Optional.of(configuration),
                Optional.empty(),
                Optional.of(required(weights, "the path of the weights")));
    }

    /** A model in memory; the array must not be written to while it is read. */
    public static ModelSource of(String name, byte[] content) {
        return new ModelSource(
                name, Optional.empty(), Optional.of(required(content, "the content of a model")), Optional.empty());
    }

    @SuppressWarnings("NullAway") // callers without a checker of nulls
    private static <T> T required(T given, String what) {
        if (given == null) {
            throw new InvalidInputException("expected " + what + ", found null");
        }
        return given;
    }

    private static String nameOf(Path path) {
        Path name = required(path, "the path of a model")
                .toAbsolutePath()
                .normalize()
                .getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
