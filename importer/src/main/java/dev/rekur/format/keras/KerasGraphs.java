package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.graph.Graph;
import dev.rekur.model.GraphReader;
import dev.rekur.model.ModelConfiguration;
import java.util.ArrayList;
import java.util.List;

/** Graphs of configurations that came from no file: ones that were changed, or translated for another Keras. */
public final class KerasGraphs implements GraphReader {
    private static final String SOURCE = "changed model";

    @Override
    public Graph read(ModelConfiguration configuration) {
        List<Problem> problems = new ArrayList<>();
        ModelConfig model =
                ModelConfigReader.read(SOURCE, "$", configuration.root(), configuration.version(), problems);
        return ModelConfigReader.graph(model, configuration.registry(), Vocabularies.known(configuration.learned()))
                .filter(graph -> problems.isEmpty())
                .orElseThrow(() -> Problem.exception(SOURCE, problems));
    }
}
