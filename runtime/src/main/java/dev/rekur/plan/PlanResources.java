package dev.rekur.plan;

import dev.rekur.layer.Resources;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import java.util.List;
import java.util.function.Supplier;

/** Memory in a plan's table, for one stage, and the stage's weights. */
final class PlanResources implements Resources {
    private final int index;
    private final Stage stage;
    private final SlotTable table;
    private final List<Integer> stateRowSizes;
    private final StageCall.Values values;

    /**
     * @param index of the stage
     * @param stateRowSizes takes what is reserved of state that outlives the call
     */
    PlanResources(int index, Stage stage, SlotTable table, List<Integer> stateRowSizes, StageCall.Values values) {
        this.index = index;
        this.stage = stage;
        this.table = table;
        this.stateRowSizes = stateRowSizes;
        this.values = values;
    }

    @Override
    public Slot scratch(ValueKind kind, int rowSize) {
        return table.add(kind, rowSize, index);
    }

    @Override
    public StateSlot state(int rowSize) {
        stateRowSizes.add(rowSize);
        return new StateSlot(stateRowSizes.size() - 1, rowSize);
    }

    @Override
    public FloatTensor weight(String path) {
        return values.weight(stage, path);
    }

    @Override
    public <T> T shared(String key, Supplier<T> maker) {
        return values.shared(stage, key, maker);
    }
}
