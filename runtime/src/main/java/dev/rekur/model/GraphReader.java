package dev.rekur.model;

import dev.rekur.graph.Graph;

/** Makes the graph of a configuration that was changed; found through {@link java.util.ServiceLoader}. */
public interface GraphReader {
    /**
     * The graph.
     *
     * @throws dev.rekur.error.UnsupportedModelException with every problem, if it uses what Rekur lacks
     * @throws dev.rekur.error.ModelFormatException if it does not hold together
     */
    Graph read(ModelConfiguration configuration);
}
