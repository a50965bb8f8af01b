package dev.rekur.training.optimizer;

import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.variable.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * An array that an optimizer keeps: one of its variables in a file.
 *
 * @param kind what it is
 * @param weight path of the weight that it is kept for; empty if for all together
 * @param values at least as many as the shape has
 */
record Slot(SlotKind kind, String weight, Shape shape, float[] values) {
    static Slot of(Variable variable, SlotKind kind) {
        float[] values = new float[variable.size()];
        Arrays.fill(values, kind.initial());
        return new Slot(kind, variable.path(), variable.shape(), values);
    }

    static Slot scalar(String name, float value, String... earlierNames) {
        return new Slot(new SlotKind(name, value, List.of(earlierNames)), "", Shape.of(), new float[] {value});
    }

    /** For messages, nearly Keras's: {@code lstm_cell_kernel_momentum}. */
    String name() {
        return weight.isEmpty() ? kind.name() : weight.replace('/', '_') + "_" + kind.name();
    }

    boolean isShared() {
        return weight.isEmpty();
    }

    FloatTensor toTensor() {
        return FloatTensor.wrap(shape, values.clone());
    }
}
