package dev.rekur.plan;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.ValueKind;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What one stage is bound to. */
public final class StageBinding implements Binding {
    /** Where weights and what is derived from them come from. */
    public interface Values {
        FloatTensor weight(Stage stage, String path);

        <T> T shared(Stage stage, String key, Supplier<T> maker);
    }

    /**
     * The buffers of a stage's inputs and outputs.
     *
     * @param inputMasks a mask for each input, or null
     * @param outputMasks for each output the mask that the layer is to compute, or null
     */
    public record Buffers(
            List<Slot> inputs,
            List<Shape> inputShapes,
            List<Slot> outputs,
            List<Shape> outputShapes,
            List<@Nullable Slot> inputMasks,
            List<@Nullable Slot> outputMasks) {}

    private final int index;
    private final Stage stage;
    private final Buffers buffers;
    private final SlotTable table;
    private final List<Integer> stateRowSizes;
    private final Values values;

    StageBinding(int index, Stage stage, Buffers buffers, SlotTable table, List<Integer> stateRowSizes, Values values) {
        this.index = index;
        this.stage = stage;
        this.buffers = buffers;
        this.table = table;
        this.stateRowSizes = stateRowSizes;
        this.values = values;
    }

    /** Which stage it is. */
    public int index() {
        return index;
    }

    public Stage stage() {
        return stage;
    }

    @Override
    public String layerName() {
        return stage.name();
    }

    @Override
    public int inputs() {
        return buffers.inputShapes().size();
    }

    @Override
    public Shape inputShape(int input) {
        return buffers.inputShapes().get(input);
    }

    @Override
    public Slot input(int input) {
        return buffers.inputs().get(input);
    }

    @Override
    public @Nullable Slot inputMask(int input) {
        return buffers.inputMasks().get(input);
    }

    @Override
    public Shape outputShape(int output) {
        return buffers.outputShapes().get(output);
    }

    /** Number of outputs. */
    public int outputs() {
        return buffers.outputs().size();
    }

    @Override
    public Slot output(int output) {
        return buffers.outputs().get(output);
    }

    @Override
    public Slot outputMask(int output) {
        return Objects.requireNonNull(buffers.outputMasks().get(output), "the layer computes no mask");
    }

    @Override
    public Slot scratch(int rowSize) {
        return table.add(ValueKind.FLOAT, rowSize, index);
    }

    @Override
    public Slot scratchFlags(int rowSize) {
        return table.add(ValueKind.FLAG, rowSize, index);
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
