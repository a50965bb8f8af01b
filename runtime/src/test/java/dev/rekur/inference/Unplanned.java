package dev.rekur.inference;

import dev.rekur.graph.Value;
import dev.rekur.kernel.KernelSelection;
import dev.rekur.kernel.Kernels;
import dev.rekur.layer.Slot;
import dev.rekur.layer.ValueKind;
import dev.rekur.model.Model;
import dev.rekur.plan.FoldEmbeddings;
import dev.rekur.plan.Inputs;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.IntTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs models as their graphs stand: no passes, no shared buffers, a row at a time. What plans are compared with. */
final class Unplanned {
    private Unplanned() {}

    static List<Tensor> predict(Model model, List<Tensor> inputs) {
        Plan plan = new PlanBuilder(Stages.of(model), new SharedValues(), new IdleBudget(), true)
                .build(shapes(model, inputs));
        return run(plan, model, inputs, 1, 0f);
    }

    /** With passes and shared buffers, in workspaces filled with a value before each run. */
    static List<Tensor> predictPlanned(Model model, List<Tensor> inputs, int tile, float poison) {
        return run(planned(model, inputs), model, inputs, tile, poison);
    }

    static Plan planned(Model model, List<Tensor> inputs) {
        Stages stages = FoldEmbeddings.apply(DropIdentities.apply(Stages.of(model), model.graph()));
        return new PlanBuilder(stages, new SharedValues(), new IdleBudget(), false).build(shapes(model, inputs));
    }

    private static Map<Value, Shape> shapes(Model model, List<Tensor> inputs) {
        Map<Value, Shape> shapes = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            shapes.put(model.graph().inputs().get(i), inputs.get(i).shape().withBatch(Shape.UNKNOWN));
        }
        return shapes;
    }

    private static List<Tensor> run(Plan plan, Model model, List<Tensor> inputs, int tile, float poison) {
        Kernels kernels = KernelSelection.scalar().kernels();
        int rows = inputs.get(0).shape().dimension(0);
        List<float[]> outputs = new ArrayList<>();
        for (Shape shape : plan.outputShapes()) {
            outputs.add(new float[rows * shape.rowSize()]);
        }
        for (int row = 0; row < rows; row += tile) {
            int count = Math.min(tile, rows - row);
            CallWorkspace workspace = plan.acquire(count, kernels);
            workspace.place(row, null);
            fill(plan, workspace, poison);
            for (int i = 0; i < inputs.size(); i++) {
                Slot slot = plan.slot(model.graph().inputs().get(i));
                Inputs.copy("input " + i, inputs.get(i), row, count, workspace, slot);
            }
            plan.run(workspace, count);
            for (int i = 0; i < outputs.size(); i++) {
                Slot slot = plan.output(i);
                int length = slot.rowSize();
                copyOut(workspace, slot, outputs.get(i), row * length, count * length);
            }
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            tensors.add(FloatTensor.wrap(plan.outputShapes().get(i).withBatch(rows), outputs.get(i)));
        }
        return tensors;
    }

    private static void copyOut(CallWorkspace workspace, Slot slot, float[] target, int at, int length) {
        for (int i = 0; i < length; i++) {
            int from = workspace.at(slot) + i;
            target[at + i] = slot.kind() == ValueKind.FLOAT
                    ? workspace.floats(slot)[from]
                    : workspace.ints(slot)[from];
        }
    }

    private static void fill(Plan plan, CallWorkspace workspace, float poison) {
        if (poison != 0) {
            Slot any = plan.output(0);
            Arrays.fill(workspace.floats(any), poison);
            Arrays.fill(workspace.ints(any), Float.isNaN(poison) ? Integer.MIN_VALUE : (int) poison);
            Arrays.fill(workspace.flags(any), Float.isNaN(poison));
        }
    }

    /** Rows of a batch. */
    static List<Tensor> rows(List<Tensor> batch, int from, int to) {
        List<Tensor> rows = new ArrayList<>();
        for (Tensor tensor : batch) {
            int size = tensor.shape().rowSize();
            Shape shape = tensor.shape().withBatch(to - from);
            if (tensor instanceof FloatTensor floats) {
                float[] values = new float[(to - from) * size];
                floats.copyTo(from * size, values, 0, values.length);
                rows.add(FloatTensor.wrap(shape, values));
            } else {
                int[] values = new int[(to - from) * size];
                ((IntTensor) tensor).copyTo(from * size, values, 0, values.length);
                rows.add(IntTensor.wrap(shape, values));
            }
        }
        return rows;
    }
}
