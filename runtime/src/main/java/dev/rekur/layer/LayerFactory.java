package dev.rekur.layer;

/** Makes a layer from its configuration; its {@code fromConfig}. */
@FunctionalInterface
public interface LayerFactory {
    /** Reads the keys the layer has. What is wrong is reported to the configuration, not thrown. */
    Layer fromConfig(LayerConfig config);
}
