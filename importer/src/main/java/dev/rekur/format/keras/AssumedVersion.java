package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.layer.KerasVersion;
import dev.rekur.model.ModelConfiguration;
import java.util.List;
import java.util.Objects;

/** Whether it matters that a file of Keras 3 does not say which version wrote it, so that the newest one is assumed. */
final class AssumedVersion {
    /** The last ones that let masks end at merging layers, and masks that calls are given. */
    private static final List<KerasVersion> OTHERS =
            List.of(new KerasVersion(3, 3, false), new KerasVersion(3, 10, false));

    private AssumedVersion() {}

    /**
     * True if another version of Keras 3 would predict something else.
     *
     * @param graph what the newest version makes of the configuration
     */
    static boolean matters(Graph graph, ModelConfiguration configuration) {
        return OTHERS.stream().anyMatch(other -> {
            Graph read = new KerasGraphs()
                    .read(new ModelConfiguration(
                            configuration.root(), other, configuration.learned(), configuration.registry()));
            GraphMeaning.Terms terms = new GraphMeaning.Terms();
            GraphMeaning first = new GraphMeaning(graph.flat(), terms, false);
            GraphMeaning second = new GraphMeaning(read.flat(), terms, false);
            return !first.byLayer().equals(second.byLayer()) || !Objects.equals(first.ends(), second.ends());
        });
    }
}
