package dev.rekur.format;

import dev.rekur.layer.LayerRegistry;

/** A file format, found through {@link java.util.ServiceLoader}. */
public interface ModelFormat {
    /** What the format is called in reports, for example {@code Keras 3 archive}. */
    String name();

    /** True if the content (not the name) is of this format. Reads no more than it must and never throws for content. */
    boolean recognizes(ModelSource source);

    /** Whether models of this format come with a weights file of their own. */
    default boolean takesWeights() {
        return false;
    }

    /**
     * Reads the model as far as it can be read. What Rekur lacks is reported in the reading.
     *
     * @throws dev.rekur.error.ModelFormatException if the file is broken
     */
    ModelReading read(ModelSource source, LayerRegistry registry);
}
