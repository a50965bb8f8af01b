package dev.rekur.training.callback;

import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Weights;
import dev.rekur.layer.WeightSpec;
import dev.rekur.tensor.FloatTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;

/** Weights as texts, for the state of a callback that remembers some: each float32 little-endian, in Base64, in the graph's order. */
final class WeightsText {
    private WeightsText() {}

    static List<String> of(Graph graph, Weights weights) {
        List<String> texts = new ArrayList<>();
        for (GraphLayer layer : graph.layers()) {
            for (FloatTensor weight : weights.of(layer)) {
                texts.add(encode(weight));
            }
        }
        return texts;
    }

    /** The weights of the texts, or an error if they are not of this graph. */
    static Weights read(Graph graph, State state, String key) {
        Iterator<?> texts = state.list(key).iterator();
        Weights.Builder weights = Weights.builder();
        for (GraphLayer layer : graph.layers()) {
            for (WeightSpec spec : layer.weights()) {
                byte[] bytes = texts.hasNext() && texts.next() instanceof String text ? decode(text) : new byte[0];
                if (bytes.length != Float.BYTES * (long) spec.shape().size()) {
                    throw state.broken(key);
                }
                float[] values = new float[spec.shape().size()];
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                        .get(values);
                weights.put(layer.name(), spec, FloatTensor.wrap(spec.shape(), values));
            }
        }
        return weights.build();
    }

    private static String encode(FloatTensor weight) {
        float[] values = new float[weight.size()];
        weight.copyTo(0, values, 0, values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
