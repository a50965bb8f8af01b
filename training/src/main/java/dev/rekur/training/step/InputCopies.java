package dev.rekur.training.step;

import dev.rekur.graph.Value;
import dev.rekur.layer.Slot;
import dev.rekur.plan.Inputs;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import dev.rekur.tensor.Tensor;
import dev.rekur.tensor.TextTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The way of a batch into the buffers of shards. Allocates nothing while a source fills the same tensors again and again. */
final class InputCopies {
    private final Inputs inputs;
    private final Stages stages;
    private List<? extends Tensor> given = List.of();
    private boolean texts;
    private Map<Value, Tensor> fed = Map.of();
    private List<Copy> copies = List.of();

    private record Copy(String name, Tensor tensor, Slot slot) {}

    InputCopies(Inputs inputs, Stages stages) {
        this.inputs = inputs;
        this.stages = stages;
    }

    /**
     * Takes a batch.
     *
     * @return whether its tensors are others than the last batch's; then {@link #to} says where they go
     * @throws dev.rekur.error.InvalidInputException if the inputs do not fit the model
     */
    boolean take(List<? extends Tensor> batch) {
        if (batch == given && !texts) { // what is made of texts is made anew for each batch
            return false;
        }
        fed = inputs.prepare(batch);
        given = batch;
        texts = batch.stream().anyMatch(TextTensor.class::isInstance);
        return true;
    }

    /** Shapes of what enters the plan, batch unknown. */
    Map<Value, Shape> shapes() {
        Map<Value, Shape> shapes = new LinkedHashMap<>();
        fed.forEach((value, tensor) -> shapes.put(value, tensor.shape().withBatch(Shape.UNKNOWN)));
        return shapes;
    }

    /** Says which buffers the batch goes to. */
    void to(Map<Value, Slot> targets) {
        copies = new ArrayList<>();
        fed.forEach((value, tensor) -> {
            Slot slot = targets.get(value);
            if (slot != null) {
                copies.add(new Copy(stages.stages().get(value.node()).name(), tensor, slot));
            }
        });
    }

    /** Copies a shard's rows. */
    void copy(Shard shard, int firstRow, int rows) {
        for (int i = 0; i < copies.size(); i++) {
            Copy copy = copies.get(i);
            Inputs.copy(copy.name(), copy.tensor(), firstRow, rows, shard, copy.slot());
        }
    }
}
