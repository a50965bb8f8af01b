package dev.rekur.training.step;

import dev.rekur.graph.Value;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.plan.SlotTable;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model made ready for training, or for evaluation, on inputs of one shape (the batch aside).
 *
 * @param forward from the inputs to the outputs
 * @param backward from the outputs' gradients to those of weights; empty in evaluation
 * @param inputs buffers of the values that come from outside
 * @param outputs the model's outputs
 * @param dense indices of the trained variables whose gradients shards add up
 * @param rowGradients those of tables
 * @param summedRows those of tables that layers have summed up
 * @param activityCosts where each shard leaves what its rows cost by themselves
 * @param stateRowSizes floats a row of each state that outlives a step
 */
record StepPlan(
        List<TrainingOperation> forward,
        List<TrainingOperation> backward,
        Map<Value, Slot> inputs,
        List<Output> outputs,
        List<Integer> dense,
        List<RowGradient> rowGradients,
        List<SummedRowGradient> summedRows,
        List<Slot> activityCosts,
        int[] stateRowSizes,
        SlotTable table) {
    /**
     * An output of the model.
     *
     * @param shape batch unknown
     * @param gradient where its gradient begins the adjoint, or null
     * @param mask which steps count, or null
     */
    record Output(
            Slot slot,
            Shape shape,
            @Nullable Slot gradient,
            @Nullable Slot mask) {}
}
