package dev.rekur.model;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a file format, found through {@link java.util.ServiceLoader}. */
public interface ModelWriter {
    /** What the format is called in messages, for example {@code Keras archive}. */
    String name();

    /** How names of such files end, with the dot: {@code .keras}. Where several endings fit a name, the longest counts. */
    String extension();

    /**
     * Takes the model apart, and finds everything that the format, or the Keras that is to read it, has no words for.
     *
     * @throws dev.rekur.error.UnsupportedModelException with every problem, if there are any
     */
    Content prepare(Model model, SaveOptions options);

    /** A model as the bytes of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }
}
