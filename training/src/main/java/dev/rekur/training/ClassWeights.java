package dev.rekur.training;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.Map;

/**
 * Weights of rows by their class. Follows {@code class_weight_to_sample_weights} in {@code
 * keras/src/trainers/data_adapters/data_adapter_utils.py} of Keras 3.15.
 */
final class ClassWeights {
    private ClassWeights() {}

    /**
     * @param targets numbers of classes, {@code [batch]} or {@code [batch, 1]}, or one-hot vectors
     * @return one weight for each row
     */
    static FloatTensor of(Tensor targets, Map<Integer, Double> byClass) {
        int rows = targets.shape().dimension(0);
        int features = targets.shape().withBatch(1).size();
        float[] weights = new float[rows];
        for (int row = 0; row < rows; row++) {
            int found = features == 1 ? Math.round(value(targets, row)) : greatest(targets, row * features, features);
            weights[row] = byClass.getOrDefault(found, 1.0).floatValue();
        }
        return FloatTensor.wrap(Shape.of(rows), weights);
    }

    private static int greatest(Tensor targets, int from, int features) {
        int greatest = 0;
        for (int j = 1; j < features; j++) {
            greatest = value(targets, from + j) > value(targets, from + greatest) ? j : greatest;
        }
        return greatest;
    }

    private static float value(Tensor targets, int index) {
        return targets instanceof FloatTensor floats ? floats.get(index) : ((IntTensor) targets).get(index);
    }
}
