package dev.rekur.training.observation;

import dev.rekur.training.diagnosis.LayerNorms;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Norms of gradients and weights by layer and epoch. Squares are summed in double precision, in a fixed order.
 */
final class LayerMagnitudes {
    private final List<Variable> trainable;
    private final List<Layer> layers = new ArrayList<>();
    private int epoch;
    private int steps;

    private static final class Layer {
        final String name;
        final List<Integer> variables = new ArrayList<>();
        final List<Double> gradients = new ArrayList<>();
        final List<Double> weights = new ArrayList<>();
        double sum;

        Layer(String name) {
            this.name = name;
        }
    }

    LayerMagnitudes(List<Variable> trainable) {
        this.trainable = trainable;
        Map<String, Layer> byName = new LinkedHashMap<>();
        for (int v = 0; v < trainable.size(); v++) {
            byName.computeIfAbsent(trainable.get(v).layer(), Layer::new)
                    .variables
                    .add(v);
        }
        layers.addAll(byName.values());
    }

    /** An epoch begins. */
    void begin(int number) {
        epoch = number;
        steps = 0;
        layers.forEach(layer -> layer.sum = 0);
    }

    /**
     * Adds the gradients of a step.
     *
     * @return whether all are finite: the square of a float is finite in double precision
     */
    boolean add(float[][] gradients) {
        boolean finite = true;
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            double squares = 0;
            for (int i = 0; i < layer.variables.size(); i++) {
                int v = layer.variables.get(i);
                squares += squares(gradients[v], trainable.get(v).size());
            }
            layer.sum += Math.sqrt(squares);
            finite &= Double.isFinite(squares);
        }
        steps++;
        return finite;
    }

    /**
     * The epoch ends.
     *
     * @return whether all weights are finite
     */
    boolean end() {
        boolean finite = true;
        for (Layer layer : layers) {
            while (layer.gradients.size() < epoch) {
                layer.gradients.add(Double.NaN);
                layer.weights.add(Double.NaN);
            }
            double squares = 0;
            for (int v : layer.variables) {
                squares += squares(trainable.get(v).values(), trainable.get(v).size());
            }
            layer.gradients.add(layer.sum / steps);
            layer.weights.add(Math.sqrt(squares));
            finite &= Double.isFinite(squares);
        }
        return finite;
    }

    /** By layer, in the order of the graph; NaN for epochs that were not seen. */
    List<LayerNorms> norms() {
        return layers.stream()
                .map(layer -> new LayerNorms(layer.name, layer.gradients, layer.weights))
                .toList();
    }

    private static double squares(float[] values, int size) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = 0;
        for (; i + 7 < size; i += 8) { // one sum alone would wait for itself at each element
            s0 += (double) values[i] * values[i];
            s1 += (double) values[i + 1] * values[i + 1];
            s2 += (double) values[i + 2] * values[i + 2];
            s3 += (double) values[i + 3] * values[i + 3];
            s4 += (double) values[i + 4] * values[i + 4];
            s5 += (double) values[i + 5] * values[i + 5];
            s6 += (double) values[i + 6] * values[i + 6];
            s7 += (double) values[i + 7] * values[i + 7];
        }
        for (; i < size; i++) {
            s0 += (double) values[i] * values[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
