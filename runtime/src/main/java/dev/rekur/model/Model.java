package dev.rekur.model;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Network;
import dev.rekur.graph.Weights;
import dev.rekur.inference.Predictor;
import dev.rekur.layer.LayerConfig;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model: its graph, its weights, how it was compiled, and the configuration it came from. Immutable, shared by all
 * threads; what changes it makes another model.
 */
public final class Model implements Network {
    private static final String TRAINABLE = "trainable";
    private static final String LAYERS = "layers";

    private final Graph graph;
    private final Weights weights;
    private final Optional<CompileConfiguration> compileConfiguration;
    private final Optional<ModelConfiguration> configuration;
    private volatile @Nullable Predictor predictor;

    /** A model that no file knows, and that cannot be saved. */
    public Model(Graph graph, Weights weights, Optional<CompileConfiguration> compileConfiguration) {
        this(graph, weights, compileConfiguration, Optional.empty());
    }

    /**
     * A model read from a file.
     *
     * @param configuration what the graph was made from
     */
    public Model(
            Graph graph,
            Weights weights,
            Optional<CompileConfiguration> compileConfiguration,
            Optional<ModelConfiguration> configuration) {
        this.graph = graph;
        this.weights = weights;
        this.compileConfiguration = compileConfiguration;
        this.configuration = configuration;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Weights weights() {
        return weights;
    }

    /** How Keras compiled the model, with the optimizer's variables, if the file says. */
    public Optional<CompileConfiguration> compileConfiguration() {
        return compileConfiguration;
    }

    /** The configuration that the model was read from; empty if it was put together in code. */
    public Optional<ModelConfiguration> configuration() {
        return configuration;
    }

    /**
     * The same model with other weights.
     *
     * @throws IllegalArgumentException if one is missing
     */
    public Model withWeights(Weights other) {
        graph.layers().forEach(other::of);
        return new Model(graph, other, compileConfiguration, configuration);
    }

    /** The same model, compiled in another way. */
    public Model withCompileConfiguration(CompileConfiguration other) {
        return new Model(graph, weights, Optional.of(other), configuration);
    }

    /** The same model as one that is not compiled: it keeps nothing that only training needs. */
    public Model withoutCompileConfiguration() {
        return new Model(graph, weights, Optional.empty(), configuration);
    }

    /**
     * The same model with a layer frozen or unfrozen: Keras's flag, in graph and configuration, also of layers that it wraps and,
     * if it is a model, of all its layers.
     *
     * @param layerName its name, or its path in a nested model: {@code encoder/dense}
     */
    public Model withTrainable(String layerName, boolean trainable) {
        if (configuration.isEmpty()) {
            return new Model(graph.withTrainable(layerName, trainable), weights, compileConfiguration);
        }
        Map<String, Object> config = layerConfiguration(layerName);
        return hasFlag(layerName, config) ? withLayer(layerName, withFlag(config, trainable)) : this;
    }

    /** Inputs and operations have no flag; Keras refuses one in their configuration. */
    private boolean hasFlag(String layerName, Map<String, Object> config) {
        return config.containsKey(TRAINABLE)
                || config.containsKey(LAYERS)
                || graph.flat().layers().stream()
                        .anyMatch(layer -> layer.name().equals(layerName)
                                && !layer.weights().isEmpty());
    }

    private static Map<String, Object> withFlag(Map<String, Object> config, boolean trainable) {
        Map<String, Object> flagged = new LinkedHashMap<>(config);
        flagged.put(TRAINABLE, trainable);
        if (config.get(LAYERS) instanceof List<?> layers) {
            flagged.put(
                    LAYERS,
                    layers.stream()
                            .map(layer -> withFlagInside(layer, trainable))
                            .toList());
        }
        for (String key : List.of("layer", "backward_layer")) {
            if (config.get(key) instanceof Map<?, ?> wrapped && wrapped.get("config") instanceof Map<?, ?> inner) {
                Map<String, Object> object = new LinkedHashMap<>(LayerConfig.asObject(wrapped));
                object.put("config", withFlag(LayerConfig.asObject(inner), trainable));
                flagged.put(key, object);
            }
        }
        return flagged;
    }

    /** A layer of a nested model with the flag, if it has one. */
    private static Object withFlagInside(Object layer, boolean trainable) {
        if (!(layer instanceof Map<?, ?> object)
                || !(object.get("config") instanceof Map<?, ?> config)
                || !(config.containsKey(TRAINABLE) || config.containsKey(LAYERS))) {
            return layer;
        }
        Map<String, Object> flagged = new LinkedHashMap<>(LayerConfig.asObject(object));
        flagged.put("config", withFlag(LayerConfig.asObject(config), trainable));
        return flagged;
    }

    /**
     * The same model with another configuration of one layer that leaves the weights their shapes.
     *
     * @param layerName its name, or its path in a nested model: {@code encoder/dense}
     * @param config Keras's configuration of the layer, whole
     * @throws InvalidInputException if a weight would have another shape
     */
    public Model withLayer(String layerName, Map<String, Object> config) {
        return withLayer(layerName, config, weight -> {
            throw new InvalidInputException(
                    "layer '" + layerName + "': with this configuration the model has a weight '" + weight.path()
                            + "' of shape " + weight.shape() + ", which it had not; say what its values are");
        });
    }

    /**
     * The same model with another configuration of one layer, for example more units. The graph is made anew; weights
     * keep their values where layer, name and shape are the same. An optimizer's variables belong to the weights that are
     * trained; where these change they are dropped, and a training begins with an optimizer that has seen nothing.
     *
     * @param config Keras's configuration of the layer, whole
     * @param newWeights gives each weight that the model did not have in that shape
     * @throws InvalidInputException if there is no such layer, or the model was not read from a file
     * @throws dev.rekur.error.UnsupportedModelException if Rekur lacks what the configuration asks for
     * @throws dev.rekur.error.ModelFormatException if the layers do not fit together any more
     */
    public Model withLayer(String layerName, Map<String, Object> config, Function<WeightSpec, FloatTensor> newWeights) {
        layerConfiguration(layerName);
        ModelConfiguration changed = requireConfiguration().withLayer(layerName, config);
        Graph changedGraph = ModelFiles.graphReader().read(changed);
        Optional<CompileConfiguration> compiled = trainedWeights(graph).equals(trainedWeights(changedGraph))
                ? compileConfiguration
                : compileConfiguration.map(
                        compile -> new CompileConfiguration(compile.config(), List.of(), compile.optimizerMajor()));
        return new Model(changedGraph, weights.fitted(changedGraph, newWeights), compiled, Optional.of(changed));
    }

    private Map<String, Object> layerConfiguration(String layerName) {
        return requireConfiguration()
                .layer(layerName)
                .orElseThrow(() -> new InvalidInputException(
                        "the model has no layer '" + layerName + "'; its layers are " + graph.layerPaths()));
    }

    private ModelConfiguration requireConfiguration() {
        return configuration.orElseThrow(() -> new InvalidInputException(
                "the model was put together in code and has no configuration to change; load it from a file"));
    }

    /** What an optimizer has variables for. */
    private static Map<String, WeightSpec> trainedWeights(Graph graph) {
        Map<String, WeightSpec> trained = new LinkedHashMap<>();
        for (GraphLayer layer : graph.flat().layers()) {
            for (WeightSpec weight : layer.weights()) {
                if (layer.trains(weight)) {
                    trained.put(layer.name() + "/" + weight.path(), weight);
                }
            }
        }
        return trained;
    }

    /** Saves the model for Keras 3; like {@link #save(Path, SaveOptions)} with {@link SaveOptions#DEFAULT}. */
    public void save(Path path) {
        save(path, SaveOptions.DEFAULT);
    }

    /**
     * Saves the model in the format that the file's name ends in: {@code .keras}, {@code .h5}, {@code .weights.h5} or
     * {@code .json}. The file is replaced as a whole: a failure at any moment leaves the old one, and when the method has
     * returned the new one survives a loss of power.
     *
     * @throws InvalidInputException if the file cannot be written, its name says no format, or the model was not read from
     *     a file
     * @throws dev.rekur.error.UnsupportedModelException if the format, or the Keras that is to read it, lacks something that the
     *     model has
     */
    public void save(Path path, SaveOptions options) {
        ModelFiles.save(this, path, options);
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
     * @throws dev.rekur.error.InvalidInputException if the input does not fit, or the model has several inputs or outputs
     */
    public Tensor predict(Tensor input) {
        return predictor().predict(input);
    }

    /**
     * Predicts; thread-safe, any batch size.
     *
     * @param inputs in the order of {@code graph().inputNames()}
     * @return in the order of {@code graph().outputNames()}
     * @throws dev.rekur.error.InvalidInputException if the inputs do not fit
     */
    public List<Tensor> predict(List<? extends Tensor> inputs) {
        return predictor().predict(inputs);
    }

    /**
     * Predicts with inputs by name; thread-safe, any batch size.
     *
     * @param inputs by the keys of the dictionary of inputs that the model was made with, or by the names of its input layers
     * @return by {@code graph().outputNames()}, in their order
     * @throws dev.rekur.error.InvalidInputException if an input is missing or unknown, or the inputs do not fit
     */
    public Map<String, Tensor> predict(Map<String, ? extends Tensor> inputs) {
        List<Tensor> outputs = predict(graph.inputPorts().<Tensor>inOrder(inputs, "input"));
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < outputs.size(); i++) {
            named.put(graph.outputNames().get(i), outputs.get(i));
        }
        return named;
    }
}
