package dev.rekur.format;

import dev.rekur.layer.LayerRegistry;

/** A file format, found through {@link java.util.ServiceLoader}. */
public interface ModelFormat {
    /** What the format is called in reports, for example {@code Keras 3 archive}. */
    String name();

    /** The artifact that brings the format, for messages: {@code rekur-importer}. */
    String artifact();

    /** True if the content (not the name) is of this format. Reads no more than it must and never throws for content. */
    boolean recognizes(ModelSource source);

    /**
     * Reads the model as far as it can be read. What Rekur lacks is reported in the reading.
     *
     * @throws dev.rekur.ModelFormatException if the file is broken
     */
    ModelReading read(ModelSource source, LayerRegistry registry);
}
