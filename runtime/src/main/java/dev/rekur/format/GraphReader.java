package dev.rekur.format;

import dev.rekur.graph.Graph;
import dev.rekur.model.ModelConfiguration;

/** Makes the graph of a configuration that was changed; found through {@link java.util.ServiceLoader}. */
public interface GraphReader {
    /**
     * The graph.
     *
     * @throws dev.rekur.UnsupportedModelException with every problem, if it uses what Rekur lacks
     * @throws dev.rekur.ModelFormatException if it does not hold together
     */
    Graph read(ModelConfiguration configuration);
}
