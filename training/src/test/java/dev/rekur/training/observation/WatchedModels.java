package dev.rekur.training.observation;

import dev.rekur.graph.GraphLayer;
import dev.rekur.graph.Value;
import dev.rekur.graph.Weights;
import dev.rekur.inference.GraphScript;
import dev.rekur.kernel.Activation;
import dev.rekur.layer.ValueKind;
import dev.rekur.layer.WeightSpec;
import dev.rekur.layer.core.Dense;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.SimpleRnn;
import dev.rekur.model.Model;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import java.util.Arrays;
import java.util.Random;

/** Small models and data for trainings that are watched. */
final class WatchedModels {
    static final RecurrentOptions LAST = new RecurrentOptions(false, false, false, false, false);
    static final String CROSSENTROPY = "sparse_categorical_crossentropy";

    private WatchedModels() {}

    static FloatTensor random(long seed, double scale, int... dimensions) {
        Random random = new Random(seed);
        Shape shape = Shape.of(dimensions);
        float[] values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return FloatTensor.wrap(shape, values);
    }

    static IntTensor labels(long seed, int rows, int classes) {
        Random random = new Random(seed);
        int[] labels = new int[rows];
        Arrays.setAll(labels, row -> random.nextInt(classes));
        return IntTensor.wrap(Shape.of(rows), labels);
    }

    /** The model with another weight. */
    static Model with(Model model, String layer, String path, FloatTensor weight) {
        Weights.Builder weights = Weights.builder();
        for (GraphLayer each : model.graph().layers()) {
            for (WeightSpec spec : each.weights()) {
                boolean replaced = each.name().equals(layer) && spec.path().equals(path);
                weights.put(
                        each.name(), spec, replaced ? weight : model.weights().get(each.name(), spec.path()));
            }
        }
        return model.withWeights(weights.build());
    }

    static Model dense(Activation hidden, int units, int outputs, Activation last) {
        GraphScript script = new GraphScript(1);
        Value x = script.call(new Dense(units, hidden, true), script.input(ValueKind.FLOAT, 4));
        return script.model(script.call(new Dense(outputs, last, true), x));
    }

    static Model recurrent(Activation activation, int time, double diagonal) {
        GraphScript script = new GraphScript(2);
        Value x = script.call(new SimpleRnn(8, activation, true, LAST), script.input(ValueKind.FLOAT, time, 4));
        Model model = script.model(script.call(new Dense(3, Activation.SOFTMAX, true), x));
        float[] kernel = new float[64];
        for (int i = 0; i < 8; i++) {
            kernel[9 * i] = (float) diagonal;
        }
        return with(model, "layer_1", "cell/recurrent_kernel", FloatTensor.wrap(Shape.of(8, 8), kernel));
    }
}
