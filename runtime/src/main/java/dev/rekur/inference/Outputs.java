package dev.rekur.inference;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.layer.HeapLimit;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Collects what tiles put out. */
final class Outputs {
    private final Plan plan;
    private final int rows;
    private long outputBytes;
    private final List<Value> observed = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    private final List<Object> arrays = new ArrayList<>();

    Outputs(Plan plan, int rows) {
        this.plan = plan;
        this.rows = rows;
        for (int i = 0; i < plan.outputShapes().size(); i++) {
            add(plan.output(i), plan.outputShapes().get(i));
        }
    }

    private void add(Slot slot, Shape shape) {
        long size = (long) rows * slot.rowSize();
        if (size > Integer.MAX_VALUE - 8) {
            throw new InvalidInputException("an output of " + rows + " rows of " + slot.rowSize()
                    + " values is too large for one array; split the batch");
        }
        outputBytes += 4 * size;
        HeapLimit.require("outputs of " + rows + " rows", outputBytes);
        slots.add(slot);
        shapes.add(shape.withBatch(rows));
        arrays.add(slot.kind() == ValueKind.FLOAT ? new float[(int) size] : new int[(int) size]);
    }

    void observe(Value value) {
        observed.add(value);
        add(plan.slot(value), plan.shape(value));
    }

    void collect(CallWorkspace workspace, int firstRow, int count) {
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            int length = count * slot.rowSize();
            int to = firstRow * slot.rowSize();
            int at = workspace.at(slot);
            switch (slot.kind()) {
                case FLOAT -> System.arraycopy(workspace.floats(slot), at, arrays.get(i), to, length);
                case INT -> System.arraycopy(workspace.ints(slot), at, arrays.get(i), to, length);
                default -> {
                    for (int k = 0; k < length; k++) {
                        ((int[]) arrays.get(i))[to + k] = workspace.flags(slot)[at + k] ? 1 : 0;
                    }
                }
            }
        }
    }

    List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < plan.outputShapes().size(); i++) {
            tensors.add(tensor(i));
        }
        return tensors;
    }

    Tensor observed(Value value) {
        return tensor(plan.outputShapes().size() + observed.indexOf(value));
    }

    private Tensor tensor(int index) {
        return arrays.get(index) instanceof float[] floats
                ? FloatTensor.wrap(shapes.get(index), floats)
                : IntTensor.wrap(shapes.get(index), (int[]) arrays.get(index));
    }
}
