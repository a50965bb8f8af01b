package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Weights;
import java.util.List;

/** What a file holds in numbers. */
interface ModelVariables {
    /**
     * The weights of every layer.
     *
     * @throws dev.rekur.ModelFormatException if weights are missing, too many, or of another shape than the
     *     configuration implies
     */
    Weights weights(ModelConfig model, Graph graph);

    /**
     * The optimizer's variables in order; none if the file has none.
     *
     * @throws dev.rekur.ModelFormatException if they are larger than those of any optimizer of this model
     */
    List<OptimizerVariable> optimizerVariables(ModelConfig model, Graph graph);
}
