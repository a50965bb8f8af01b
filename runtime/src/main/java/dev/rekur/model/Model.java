package dev.rekur.model;

import dev.rekur.graph.Graph;
import dev.rekur.inference.Predictor;
import dev.rekur.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model: its graph, its weights, and how it was compiled. Immutable, shared by all threads.
 */
public final class Model {
    private final Graph graph;
    private final Weights weights;
    private final Optional<CompileConfiguration> compileConfiguration;
    private volatile @Nullable Predictor predictor;

    public Model(Graph graph, Weights weights, Optional<CompileConfiguration> compileConfiguration) {
        this.graph = graph;
        this.weights = weights;
        this.compileConfiguration = compileConfiguration;
    }

    public Graph graph() {
        return graph;
    }

    public Weights weights() {
        return weights;
    }

    /** How Keras compiled the model, with the optimizer's variables, if the file says. */
    public Optional<CompileConfiguration> compileConfiguration() {
        return compileConfiguration;
    }

    /** The table Keras prints, 80 columns wide. */
    public Summary summary() {
        return Summary.of(this);
    }

    /** The predictor with default settings: best kernels, calling thread. Made on first use, then the same. */
    public Predictor predictor() {
        Predictor made = predictor;
        if (made == null) {
            synchronized (this) {
                made = predictor;
                if (made == null) {
                    made = Predictor.of(this).build();
                    predictor = made;
                }
            }
        }
        return made;
    }

    /**
     * Predicts with a model of one input and one output; thread-safe, any batch size.
     *
     * @param input {@code [batch, ...]}
     * @return {@code [batch, ...]}
     * @throws dev.rekur.InvalidInputException if the input does not fit, or the model has several inputs or outputs
     */
    public Tensor predict(Tensor input) {
        return predictor().predict(input);
    }

    /**
     * Predicts; thread-safe, any batch size.
     *
     * @param inputs in the order of {@code graph().inputNames()}
     * @return in the order of {@code graph().outputNames()}
     * @throws dev.rekur.InvalidInputException if the inputs do not fit
     */
    public List<Tensor> predict(List<? extends Tensor> inputs) {
        return predictor().predict(inputs);
    }
}
