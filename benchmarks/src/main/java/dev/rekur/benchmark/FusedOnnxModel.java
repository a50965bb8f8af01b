package dev.rekur.benchmark;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The same model as ONNX with fused {@code RNN} operators, which is the fastest that ONNX Runtime offers: Keras's own export
 * unrolls a recurrent layer into a {@code Loop} and runs about five times slower. For the layers of the lessons' models only.
 *
 * <p>Sequences are time-major throughout, as the operator wants them, transposed once at the input, where it costs least.
 */
final class FusedOnnxModel {
    private final Model model;
    private final OnnxGraph onnx = new OnnxGraph();
    private final Map<Value, String> names = new HashMap<>();

    private FusedOnnxModel(Model model) {
        this.model = model;
    }

    /** The bytes of an {@code .onnx} file; its input is called {@code input}. */
    static byte[] of(Model model) {
        return new FusedOnnxModel(model).write();
    }

    private byte[] write() {
        Graph graph = model.graph();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            names.put(new Value(i, 0), add(node));
        }
        Value output = graph.outputs().get(0);
        onnx.output(
                Objects.requireNonNull(names.get(output)), graph.shape(output).dimensions());
        return onnx.toModel();
    }

    private String add(Node node) {
        GraphLayer graphLayer = node.layer();
        Layer layer = graphLayer.layer();
        List<String> inputs = node.inputs().stream().map(names::get).toList();
        if (layer instanceof InputLayer input) {
            return input(input, node);
        } else if (layer instanceof Dropout) {
            return inputs.get(0);
        } else if (layer instanceof Embedding) {
            return onnx.node("Gather", List.of(weight(graphLayer, 0), inputs.get(0)), 0);
        } else if (layer instanceof SimpleRnn rnn) {
            return recurrent(rnn, graphLayer, inputs.get(0));
        } else if (layer instanceof Dense dense) {
            String product = onnx.node("MatMul", List.of(inputs.get(0), weight(graphLayer, 0)), 0);
            String sum = onnx.node("Add", List.of(product, weight(graphLayer, 1)), 0);
            return switch (dense.activation()) {
                case LINEAR -> sum;
                case SOFTMAX -> onnx.node("Softmax", List.of(sum), 0, OnnxGraph.integer("axis", -1));
                default -> throw unsupported(graphLayer);
            };
        } else if (layer instanceof LayerNormalization normalization) {
            return onnx.node(
                    "LayerNormalization",
                    List.of(inputs.get(0), weight(graphLayer, 0), weight(graphLayer, 1)),
                    0,
                    OnnxGraph.integer("axis", -1),
                    OnnxGraph.number("epsilon", normalization.epsilon()));
        } else if (layer instanceof Add) {
            return onnx.node("Add", inputs, 0);
        }
        throw unsupported(graphLayer);
    }

    private String input(InputLayer layer, Node node) {
        boolean tokens = takesTokens(model);
        int[] shape = node.shapes().get(0).dimensions();
        onnx.input("input", tokens ? OnnxGraph.INT32 : OnnxGraph.FLOAT, shape);
        return shape.length == 2
                ? onnx.node("Transpose", List.of("input"), 0, OnnxGraph.integers("perm", 1, 0))
                : onnx.node("Transpose", List.of("input"), 0, OnnxGraph.integers("perm", 1, 0, 2));
    }

    /** Whether the first layer looks tokens up; Keras's files say float32 even then. */
    static boolean takesTokens(Model model) {
        return model.graph().layers().stream().anyMatch(layer -> layer.layer() instanceof Embedding)
                || model.graph().kind(model.graph().inputs().get(0)) == ValueKind.INT;
    }

    /** Keras keeps kernels as [in, out], ONNX as [directions, out, in]. */
    private String recurrent(SimpleRnn rnn, GraphLayer layer, String input) {
        if (rnn.activation() != Activation.TANH
                || !rnn.useBias()
                || rnn.options().goBackwards()) {
            throw unsupported(layer);
        }
        List<FloatTensor> weights = model.weights().of(layer);
        int units = rnn.units();
        int features = weights.get(0).shape().dimension(0);
        String w = onnx.floats(layer.name() + "_w", transposed(weights.get(0), features, units), 1, units, features);
        String r = onnx.floats(layer.name() + "_r", transposed(weights.get(1), units, units), 1, units, units);
        float[] bias = new float[2 * units];
        weights.get(2).copyTo(0, bias, 0, units);
        String b = onnx.floats(layer.name() + "_b", bias, 1, 2 * units);
        ProtobufMessage hidden = OnnxGraph.integer("hidden_size", units);
        ProtobufMessage tanh = OnnxGraph.texts("activations", "Tanh");
        boolean sequences = rnn.options().returnSequences();
        String output = onnx.node("RNN", List.of(input, w, r, b), sequences ? 0 : 1, hidden, tanh);
        String axis = onnx.longs(layer.name() + "_axis", sequences ? 1 : 0);
        return onnx.node("Squeeze", List.of(output, axis), 0);
    }

    private String weight(GraphLayer layer, int index) {
        FloatTensor weight = model.weights().of(layer).get(index);
        return onnx.floats(
                layer.name() + "_" + index, weight.toArray(), weight.shape().dimensions());
    }

    private static float[] transposed(FloatTensor matrix, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[j * rows + i] = matrix.get(i * columns + j);
            }
        }
        return values;
    }

    private static IllegalArgumentException unsupported(GraphLayer layer) {
        return new IllegalArgumentException(layer + " has no counterpart here");
    }
}
