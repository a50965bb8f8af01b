package dev.rekur.format.keras;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.Gru;
import dev.rekur.layer.recurrent.Lstm;
import dev.rekur.layer.recurrent.RecurrentLayer;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.model.CompileConfiguration;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import dev.rekur.tensor.FloatTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one function that changed its meaning and kept its name: {@code hard_sigmoid} of z is {@code clip(0.2 z + 0.5, 0, 1)} for
 * Keras 2 and {@code relu6(z + 3) / 6} for Keras 3, so that the first of z is the second of 1.2 z. Where z is linear in weights, the
 * model for the other Keras has 1.2 times these weights, or a part of them in the other direction, and computes the same:
 *
 * <ul>
 *   <li>gates of LSTM (i, f, o) and GRU (z, r), and the candidate of a GRU: their columns of kernels and biases
 *   <li>Dense and SimpleRNN: kernels and biases
 *   <li>an Activation layer: the Dense or the normalization before it, if it is used for nothing else
 * </ul>
 *
 * <p>The activation of an LSTM is also that of the carry, which no weight scales: it has no equal.
 */
final class HardSigmoids {
    private static final Logger LOG = LoggerFactory.getLogger(HardSigmoids.class);
    private static final double FACTOR = 1.2;

    private final Model model;
    private final Activation before;
    private final Activation after;
    private final double factor;
    private final List<Scaling> scalings = new ArrayList<>();
    private final Set<String> activations = new HashSet<>();

    /**
     * Some columns of weights of a layer.
     *
     * @param layer path of the layer
     * @param owner what the paths of the weights begin with
     * @param blocks number of equal parts of the weights' columns
     * @param scaled which of them are scaled
     */
    private record Scaling(String layer, String owner, int blocks, IntPredicate scaled) {}

    /** @param kerasMajor the Keras that is to read the model; nothing is scaled if it is the one that wrote it */
    HardSigmoids(Model model, int kerasMajor) {
        this.model = model;
        before = kerasMajor == 3 ? Activation.HARD_SIGMOID_KERAS2 : Activation.HARD_SIGMOID;
        after = kerasMajor == 3 ? Activation.HARD_SIGMOID : Activation.HARD_SIGMOID_KERAS2;
        factor = kerasMajor == 3 ? FACTOR : 1 / FACTOR;
        if (TargetModel.configuration(model).kerasMajor() != kerasMajor) {
            Graph graph = model.graph().flat();
            graph.layers().forEach(layer -> find(layer.name(), "", layer.layer()));
            findActivations(graph);
        }
    }

    /** Whether weights have to be others for a Keras to read the model. */
    static boolean scales(Model model, int kerasMajor) {
        return !new HardSigmoids(model, kerasMajor).scalings.isEmpty();
    }

    /** The model with the weights that the other Keras needs; an optimizer's state is of the weights there were, and goes. */
    static Model scaled(Model model, int kerasMajor) {
        HardSigmoids found = new HardSigmoids(model, kerasMajor);
        if (found.scalings.isEmpty()) {
            return model;
        }
        Optional<CompileConfiguration> compile = model.compileConfiguration();
        if (compile.isPresent()) {
            LOG.warn(
                    "hard_sigmoid is another function for Keras {}: weights of {} are {} by 1.2, and the model predicts the"
                            + " same. Training goes on otherwise: the state of the optimizer is left out, and steps,"
                            + " penalties and constraints act on the scaled weights; {}",
                    kerasMajor,
                    found.scalings.stream().map(Scaling::layer).distinct().toList(),
                    kerasMajor == 3 ? "multiplied" : "divided",
                    "docs/TROUBLESHOOTING.md#keras-versions");
        }
        Optional<ModelConfiguration> configuration = model.configuration();
        return new Model(
                model.graph(),
                found.weights(),
                compile.map(config -> new CompileConfiguration(config.config(), List.of(), config.optimizerMajor())),
                configuration);
    }

    /** Whether the activation of a layer may keep its name, since weights before it are scaled. */
    boolean folds(String layerPath) {
        return activations.contains(layerPath);
    }

    /** Whether the activation under a key may keep its name, since weights of the layer itself are scaled. */
    static boolean isScaled(String className, String key) {
        return switch (className) {
            case "LSTM" -> key.equals("recurrent_activation");
            case "GRU", "SimpleRNN", "Dense" -> true;
            default -> false;
        };
    }

    /** What a layer is for the other Keras once weights are scaled: that with its function of the name. */
    Layer translated(String layerPath, Layer layer) {
        if (layer instanceof ActivationLayer activation) {
            return folds(layerPath) ? new ActivationLayer(swapped(activation.activation())) : layer;
        }
        if (layer instanceof TimeDistributed steps) {
            return new TimeDistributed(own(steps.layer()), steps.stepwise());
        }
        if (layer instanceof Bidirectional both) {
            return new Bidirectional(
                    (RecurrentLayer) own(both.forwardLayer()),
                    (RecurrentLayer) own(both.backwardLayer()),
                    both.merge());
        }
        return own(layer);
    }

    private Layer own(Layer layer) {
        if (layer instanceof Dense dense) {
            return new Dense(dense.units(), swapped(dense.activation()), dense.useBias());
        }
        if (layer instanceof SimpleRnn rnn) {
            return new SimpleRnn(rnn.units(), swapped(rnn.activation()), rnn.useBias(), rnn.options());
        }
        if (layer instanceof Lstm lstm) {
            return new Lstm(
                    lstm.units(),
                    lstm.activation(),
                    swapped(lstm.recurrentActivation()),
                    lstm.useBias(),
                    lstm.options());
        }
        if (layer instanceof Gru gru) {
            return new Gru(
                    gru.units(),
                    swapped(gru.activation()),
                    swapped(gru.recurrentActivation()),
                    gru.useBias(),
                    gru.resetAfter(),
                    gru.options());
        }
        return layer;
    }

    private Activation swapped(Activation activation) {
        return activation == before ? after : activation;
    }

    private void find(String path, String owner, Layer layer) {
        if (layer instanceof TimeDistributed steps) {
            find(path, owner + "layer/", steps.layer());
        } else if (layer instanceof Bidirectional both) {
            find(path, owner + "forward_layer/", both.forwardLayer());
            find(path, owner + "backward_layer/", both.backwardLayer());
        } else if (layer instanceof Dense dense) {
            add(path, owner, 1, block -> dense.activation() == before);
        } else if (layer instanceof SimpleRnn rnn) {
            add(path, owner, 1, block -> rnn.activation() == before);
        } else if (layer instanceof Lstm lstm) {
            add(path, owner, 4, gate -> gate != 2 && lstm.recurrentActivation() == before);
        } else if (layer instanceof Gru gru) {
            add(path, owner, 3, gate -> (gate == 2 ? gru.activation() : gru.recurrentActivation()) == before);
        }
    }

    private void add(String path, String owner, int blocks, IntPredicate scaled) {
        for (int block = 0; block < blocks; block++) {
            if (scaled.test(block)) {
                scalings.add(new Scaling(path, owner, blocks, scaled));
                return;
            }
        }
    }

    /** Finds the Activation layers each of whose calls is all that a scalable layer is used for. */
    private void findActivations(Graph graph) {
        Map<String, List<Node>> calls = new LinkedHashMap<>();
        graph.nodes().forEach(node -> calls.computeIfAbsent(node.layer().name(), name -> new ArrayList<>())
                .add(node));
        calls.forEach((path, nodes) -> {
            if (nodes.get(0).layer().layer() instanceof ActivationLayer activation
                    && activation.activation() == before
                    && nodes.stream().allMatch(node -> isFoldable(graph, calls, node))) {
                activations.add(path);
                for (Node node : nodes) {
                    GraphLayer previous = graph.node(node.inputs().get(0)).layer();
                    String owner = previous.layer() instanceof TimeDistributed ? "layer/" : "";
                    add(previous.name(), owner, 1, block -> true);
                }
            }
        });
    }

    private static boolean isFoldable(Graph graph, Map<String, List<Node>> calls, Node activation) {
        Value value = activation.inputs().get(0);
        GraphLayer previous = graph.node(value).layer();
        long uses = graph.outputs().stream().filter(value::equals).count();
        for (Node node : graph.nodes()) {
            uses += node.inputs().stream().filter(value::equals).count();
            uses += node.masks().stream().filter(value::equals).count();
        }
        return uses == 1 && calls.getOrDefault(previous.name(), List.of()).size() == 1 && isScalable(previous.layer());
    }

    /** Whether what a layer puts out is scaled when its weights are: those that {@link #isFactor} names. */
    private static boolean isScalable(Layer layer) {
        if (layer instanceof TimeDistributed steps) {
            return steps.layer() instanceof Dense && isScalable(steps.layer());
        }
        return layer instanceof Dense dense && dense.activation() == Activation.LINEAR
                || layer instanceof BatchNormalization batch && batch.scale()
                || layer instanceof LayerNormalization norm && norm.scale();
    }

    private static boolean isFactor(String name) {
        return !name.startsWith("moving_");
    }

    private Weights weights() {
        Map<String, List<Scaling>> byLayer = new HashMap<>();
        scalings.forEach(scaling -> byLayer.computeIfAbsent(scaling.layer(), layer -> new ArrayList<>())
                .add(scaling));
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : model.graph().flat().layers()) {
            for (WeightSpec spec : layer.weights()) {
                FloatTensor value = model.weights().get(layer.name(), spec.path());
                for (Scaling scaling : byLayer.getOrDefault(layer.name(), List.of())) {
                    if (spec.path().startsWith(scaling.owner()) && isFactor(spec.name())) {
                        value = scaled(value, scaling);
                    }
                }
                weights.put(layer.name(), spec, value);
            }
        }
        return weights.build();
    }

    private FloatTensor scaled(FloatTensor weight, Scaling scaling) {
        float[] values = weight.toArray();
        int columns = weight.shape().dimension(weight.shape().rank() - 1);
        int width = columns / scaling.blocks();
        for (int i = 0; i < values.length; i++) {
            if (scaling.scaled().test(i % columns / width)) {
                values[i] = (float) (values[i] * factor);
            }
        }
        return FloatTensor.wrap(weight.shape(), values);
    }
}
