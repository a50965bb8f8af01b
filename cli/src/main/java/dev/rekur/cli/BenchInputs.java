package dev.rekur.cli;

import dev.rekur.graph.Graph;
import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.layer.Layer;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Inputs for measuring: random, different from call to call, the same from run to run. */
final class BenchInputs {
    private static final long SEED = 20261123;
    private static final int LARGEST_WHOLE = 10;
    private static final String[] WORDS = {"the", "a", "network", "that", "remembers", "reads", "words", "one", "by"};

    private final Graph graph;
    private final int batch;
    private final int time;
    private final Random random = new Random(SEED);

    /**
     * Inputs for a model.
     *
     * @param time the extent of dimensions that the model leaves open
     */
    BenchInputs(Graph graph, int batch, int time) {
        this.graph = graph;
        this.batch = batch;
        this.time = time;
    }

    /** Extent of the first input's second dimension, its time steps, or 1 if it has none. */
    int timeSteps() {
        Shape shape = shape(graph.inputs().get(0));
        return shape.rank() > 1 ? shape.dimension(1) : 1;
    }

    /** The inputs of one call. */
    List<Tensor> next() {
        List<Tensor> inputs = new ArrayList<>();
        for (Value input : graph.inputs()) {
            inputs.add(tensor(shape(input), graph.kind(input), vocabulary(input)));
        }
        return inputs;
    }

    private Shape shape(Value input) {
        int[] dimensions = graph.shape(input).dimensions();
        for (int axis = 0; axis < dimensions.length; axis++) {
            if (dimensions[axis] == Shape.UNKNOWN) {
                dimensions[axis] = axis == 0 ? batch : time;
            }
        }
        return Shape.of(dimensions);
    }

    /** Rows of the embeddings that look the input's values up, or 0 if none does. */
    private int vocabulary(Value input) {
        int smallest = Integer.MAX_VALUE;
        for (Node node : graph.flat().nodes()) {
            if (node.inputs().contains(graph.inFlat(input))
                    && wrapped(node.layer().layer()) instanceof Embedding embedding) {
                smallest = Math.min(smallest, embedding.inputDim());
            }
        }
        return smallest == Integer.MAX_VALUE ? 0 : smallest;
    }

    private static Layer wrapped(Layer layer) {
        return layer instanceof TimeDistributed steps ? wrapped(steps.layer()) : layer;
    }

    private Tensor tensor(Shape shape, ValueKind kind, int vocabulary) {
        int size = shape.size();
        if (kind == ValueKind.TEXT) {
            String[] texts = new String[size];
            for (int i = 0; i < size; i++) {
                texts[i] = text();
            }
            return TextTensor.wrap(shape, texts);
        }
        if (kind == ValueKind.FLOAT && vocabulary == 0) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return FloatTensor.wrap(shape, values);
        }
        int bound = kind == ValueKind.FLAG ? 2 : vocabulary == 0 ? LARGEST_WHOLE : vocabulary;
        int[] values = new int[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextInt(bound);
        }
        return IntTensor.wrap(shape, values);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < time; i++) {
            text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
        }
        return text.toString();
    }
}
