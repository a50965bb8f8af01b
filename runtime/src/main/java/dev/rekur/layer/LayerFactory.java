package dev.rekur.layer;

/** Makes a layer from its configuration; the {@code fromConfig} of a room. */
@FunctionalInterface
public interface LayerFactory {
    /** Reads the keys the layer has. What is wrong is reported to the configuration, not thrown. */
    Layer fromConfig(LayerConfig config);
}
