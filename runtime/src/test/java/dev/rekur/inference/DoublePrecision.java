package dev.rekur.inference;

import dev.rekur.graph.Node;
import dev.rekur.graph.Value;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.Layer;
import dev.rekur.layer.core.ActivationLayer;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.core.Dropout;
import dev.rekur.layer.core.Embedding;
import dev.rekur.layer.core.InputLayer;
import dev.rekur.layer.merging.Add;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.normalization.LayerNormalization;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The equations of the simple layers, written down once more as plainly as can be, in double precision; no masks. */
final class DoublePrecision {
    private final Map<String, FloatTensor> weights;

    private DoublePrecision(Map<String, FloatTensor> weights) {
        this.weights = weights;
    }

    /** A value of the graph: vectors of {@code features}, the last dimension. */
    private record Vectors(Shape shape, double[] values) {
        double at(int vector, int feature) {
            return values[vector * shape.last() + feature];
        }

        int count() {
            return shape.last() == 0 ? 0 : values.length / shape.last();
        }
    }

    static List<Tensor> predict(Model model, List<Tensor> inputs) {
        Map<Value, Vectors> values = new HashMap<>();
        for (int i = 0; i < model.graph().nodes().size(); i++) {
            Node node = model.graph().nodes().get(i);
            Value value = new Value(i, 0);
            if (node.layer().layer() instanceof InputLayer) {
                values.put(value, of(inputs.get(model.graph().inputs().indexOf(value))));
            } else {
                List<Vectors> on = node.inputs().stream().map(values::get).toList();
                values.put(
                        value,
                        new DoublePrecision(GraphScript.weights(model, node.layer()))
                                .apply(node.layer().layer(), on));
            }
        }
        List<Tensor> outputs = new ArrayList<>();
        for (Value output : model.graph().outputs()) {
            Vectors result = values.get(output);
            float[] floats = new float[result.values().length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) result.values()[i];
            }
            outputs.add(FloatTensor.wrap(result.shape(), floats));
        }
        return outputs;
    }

    private static Vectors of(Tensor tensor) {
        double[] values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor instanceof FloatTensor floats ? floats.get(i) : ((IntTensor) tensor).get(i);
        }
        return new Vectors(tensor.shape(), values);
    }

    private double weight(String path, int index, double without) {
        return weights.containsKey(path) ? weights.get(path).get(index) : without;
    }

    private Vectors apply(Layer layer, List<Vectors> inputs) {
        Vectors x = inputs.get(0);
        if (layer instanceof Dropout) {
            return x;
        } else if (layer instanceof Add) {
            double[] sum = x.values().clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += inputs.get(1).values()[i];
            }
            return new Vectors(x.shape(), sum);
        } else if (layer instanceof ActivationLayer activation) {
            return activate(activation.activation(), x);
        } else if (layer instanceof Embedding embedding) {
            return embed(embedding, x);
        } else if (layer instanceof Dense dense) {
            return activate(dense.activation(), dense(dense, x));
        } else if (layer instanceof BatchNormalization normalization) {
            return normalizeBatch(normalization, x);
        } else if (layer instanceof LayerNormalization normalization) {
            return normalizeLayer(normalization, x);
        }
        return recur((SimpleRnn) layer, x);
    }

    private static Vectors activate(Activation function, Vectors x) {
        double[] y = x.values().clone();
        int features = x.shape().last();
        for (int vector = 0; vector < x.count(); vector++) {
            double most = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < features; j++) {
                most = Math.max(most, x.at(vector, j));
            }
            double sum = 0;
            for (int j = 0; j < features; j++) {
                sum += Math.exp(x.at(vector, j) - most);
            }
            for (int j = 0; j < features; j++) {
                double value = x.at(vector, j);
                y[vector * features + j] = switch (function) {
                    case LINEAR -> value;
                    case RELU -> Math.max(0, value);
                    case TANH -> Math.tanh(value);
                    case SIGMOID -> 1 / (1 + Math.exp(-value));
                    case SOFTMAX -> Math.exp(value - most) / sum;
                    default -> throw new AssertionError(function);
                };
            }
        }
        return new Vectors(x.shape(), y);
    }

    private Vectors embed(Embedding embedding, Vectors ids) {
        int[] shape =
                java.util.Arrays.copyOf(ids.shape().dimensions(), ids.shape().rank() + 1);
        shape[shape.length - 1] = embedding.outputDim();
        double[] y = new double[ids.values().length * embedding.outputDim()];
        for (int i = 0; i < y.length; i++) {
            int id = (int) ids.values()[i / embedding.outputDim()];
            y[i] = weight("embeddings", id * embedding.outputDim() + i % embedding.outputDim(), 0);
        }
        return new Vectors(Shape.of(shape), y);
    }

    private Vectors dense(Dense dense, Vectors x) {
        double[] y = new double[x.count() * dense.units()];
        for (int vector = 0; vector < x.count(); vector++) {
            for (int j = 0; j < dense.units(); j++) {
                double sum = weight("bias", j, 0);
                for (int i = 0; i < x.shape().last(); i++) {
                    sum += x.at(vector, i) * weight("kernel", i * dense.units() + j, 0);
                }
                y[vector * dense.units() + j] = sum;
            }
        }
        return new Vectors(x.shape().with(-1, dense.units()), y);
    }

    private Vectors normalizeBatch(BatchNormalization normalization, Vectors x) {
        double[] y = new double[x.values().length];
        for (int i = 0; i < y.length; i++) {
            int j = i % x.shape().last();
            double deviation = Math.sqrt(weight("moving_variance", j, 1) + normalization.epsilon());
            y[i] = (x.values()[i] - weight("moving_mean", j, 0)) / deviation * weight("gamma", j, 1)
                    + weight("beta", j, 0);
        }
        return new Vectors(x.shape(), y);
    }

    private Vectors normalizeLayer(LayerNormalization normalization, Vectors x) {
        double[] y = new double[x.values().length];
        int features = x.shape().last();
        for (int vector = 0; vector < x.count(); vector++) {
            double mean = 0;
            double variance = 0;
            for (int j = 0; j < features; j++) {
                mean += x.at(vector, j) / features;
            }
            for (int j = 0; j < features; j++) {
                variance += Math.pow(x.at(vector, j) - mean, 2) / features;
            }
            for (int j = 0; j < features; j++) {
                y[vector * features + j] =
                        (x.at(vector, j) - mean) / Math.sqrt(variance + normalization.epsilon()) * weight("gamma", j, 1)
                                + weight("beta", j, 0);
            }
        }
        return new Vectors(x.shape(), y);
    }

    private Vectors recur(SimpleRnn layer, Vectors x) {
        int rows = x.shape().dimension(0);
        int time = x.shape().dimension(1);
        int units = layer.units();
        double[] all = new double[rows * time * units];
        double[] last = new double[rows * units];
        for (int row = 0; row < rows; row++) {
            double[] h = new double[units];
            for (int t = 0; t < time; t++) {
                int step = row * time + (layer.options().goBackwards() ? time - 1 - t : t);
                double[] next = new double[units];
                for (int j = 0; j < units; j++) {
                    double sum = weight("cell/bias", j, 0);
                    for (int i = 0; i < x.shape().last(); i++) {
                        sum += x.at(step, i) * weight("cell/kernel", i * units + j, 0);
                    }
                    for (int i = 0; i < units; i++) {
                        sum += h[i] * weight("cell/recurrent_kernel", i * units + j, 0);
                    }
                    next[j] = Math.tanh(sum);
                }
                h = next;
                System.arraycopy(h, 0, all, (row * time + t) * units, units);
            }
            System.arraycopy(h, 0, last, row * units, units);
        }
        return layer.options().returnSequences()
                ? new Vectors(Shape.of(rows, time, units), all)
                : new Vectors(Shape.of(rows, units), last);
    }
}
