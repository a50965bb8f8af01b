package dev.rekur.training.optimizer;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.Variable;
import java.util.Arrays;

/**
 * An array that an optimizer keeps: one of its variables in a file.
 *
 * @param name for messages, nearly Keras's: {@code lstm_cell_kernel_momentum}
 * @param values at least as many as the shape has
 */
record Slot(String name, Shape shape, float[] values) {
    static Slot of(Variable variable, SlotKind kind) {
        float[] values = new float[variable.size()];
        Arrays.fill(values, kind.initial());
        return new Slot(variable.path().replace('/', '_') + "_" + kind.name(), variable.shape(), values);
    }

    static Slot scalar(String name, float value) {
        return new Slot(name, Shape.of(), new float[] {value});
    }

    FloatTensor toTensor() {
        return FloatTensor.wrap(shape, values.clone());
    }
}
