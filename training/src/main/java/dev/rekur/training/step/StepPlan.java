package dev.rekur.training.step;

import dev.rekur.graph.Value;
import dev.rekur.layer.Slot;
import dev.rekur.layer.TrainingOperation;
import dev.rekur.layer.ValueKind;
import dev.rekur.plan.SlotTable;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
 * @param observables what can be seen of a step
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
        SlotTable table,
        Observables observables) {
    /**
     * Runs forward once more, and looks at each output as soon as it is there.
     *
     * @param runner runs operations on the shards
     * @return the first that is not finite, of the inputs or of the layers in their order
     */
    Optional<NonFiniteOutput> findNonFinite(
            Stages stages, List<Shard> shards, int[] rows, Consumer<List<TrainingOperation>> runner) {
        Optional<NonFiniteOutput> found = nonFiniteInput(stages, shards, rows);
        int done = 0;
        for (Observables.Output output : observables.outputs()) {
            runner.accept(forward.subList(done, output.operations()));
            done = output.operations();
            found = found.or(() -> output.nonFinite(shards, rows));
        }
        runner.accept(forward.subList(done, forward.size()));
        return found;
    }

    private Optional<NonFiniteOutput> nonFiniteInput(Stages stages, List<Shard> shards, int[] rows) {
        for (Map.Entry<Value, Slot> input : inputs.entrySet()) {
            Slot slot = input.getValue();
            String name = stages.stages().get(input.getKey().node()).name();
            boolean found = slot.kind() == ValueKind.FLOAT
                    && new Observables.Output(name, 0, slot, Shape.of(Shape.UNKNOWN, slot.rowSize()))
                            .nonFinite(shards, rows)
                            .isPresent();
            if (found) {
                return Optional.of(new NonFiniteOutput(name, true, -1));
            }
        }
        return Optional.empty();
    }

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
