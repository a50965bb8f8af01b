package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Weights;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** What a file holds in numbers. */
interface ModelVariables {
    /**
     * The weights of every layer.
     *
     * @throws dev.rekur.error.ModelFormatException if weights are missing, too many, or of another shape than the
     *     configuration implies
     */
    Weights weights(ModelConfig model, Graph graph);

    /**
     * The optimizer's variables in order; none if the file has none.
     *
     * @throws dev.rekur.error.ModelFormatException if they are damaged, laid out in no way that is known, or larger than those of
     *     any optimizer of this model
     */
    List<OptimizerVariable> optimizerVariables(String source, long weights);

    /** A variable that the file holds, by its name in the file. */
    record Held(String name, Shape shape) {}

    /**
     * The weights that the file holds for a layer, whatever its class; empty if the file does not tell which they are, or if they
     * are too large to be counted.
     *
     * @param folder the group of the model that the layer belongs to, empty or ending in a slash
     * @param prefix names of the models around the layer, empty or ending in a slash
     */
    Optional<List<Held>> held(String folder, String prefix, LayerEntry entry);
}
