package dev.rekur.training.step;

import dev.rekur.graph.GraphLayer;
import dev.rekur.kernel.PackedMatrix;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.layer.TrainingBinding;
import dev.rekur.layer.WeightGradient;
import dev.rekur.plan.StageBinding;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a node is bound to in training: its {@link StageBinding}, and its {@link Gradients}. */
final class StepBinding implements TrainingBinding {
    /** Gradients of one node, and what its adjoint needs. */
    interface Gradients {
        @Nullable
        Slot ofOutput(int output);

        @Nullable
        Slot ofInput(int input);

        Slot keep(Slot slot);

        Slot adjointScratch(int rowSize);

        /** Index of the variable among the trained ones, or -1. */
        int ofWeight(String path);

        void addRows(String path, Slot ids, Slot vectors);

        void addRows(String path, SummedRows rows);

        float[] statistic(String path);

        float[] values(String path);

        PackedMatrix packed(String path, int firstColumn, int columns, boolean transposed);

        Slot stateTrace(String owner, int steps);

        long randomKey(int number);
    }

    private final StageBinding binding;
    private final GraphLayer layer;
    private final Gradients gradients;
    private int randomKeys;

    StepBinding(StageBinding binding, GraphLayer layer, Gradients gradients) {
        this.binding = binding;
        this.layer = layer;
        this.gradients = gradients;
    }

    @Override
    public boolean trainable() {
        return layer.isTrained();
    }

    @Override
    public Slot keep(Slot slot) {
        return gradients.keep(slot);
    }

    @Override
    public Slot adjointScratch(int rowSize) {
        return gradients.adjointScratch(rowSize);
    }

    @Override
    public @Nullable Slot outputGradient(int output) {
        return gradients.ofOutput(output);
    }

    @Override
    public @Nullable Slot inputGradient(int input) {
        return gradients.ofInput(input);
    }

    @Override
    public @Nullable WeightGradient gradient(String path) {
        int index = gradients.ofWeight(path);
        return index < 0 ? null : new WeightGradient(index);
    }

    @Override
    public void addRows(String path, Slot ids, Slot vectors) {
        gradients.addRows(path, ids, vectors);
    }

    @Override
    public void addRows(String path, SummedRows rows) {
        gradients.addRows(path, rows);
    }

    @Override
    public PackedMatrix packed(String path) {
        return packed(path, 0, weight(path).shape().dimension(1));
    }

    @Override
    public PackedMatrix packed(String path, int firstColumn, int columns) {
        return gradients.packed(path, firstColumn, columns, false);
    }

    @Override
    public PackedMatrix packedTransposed(String path, int firstColumn, int columns) {
        return gradients.packed(path, firstColumn, columns, true);
    }

    @Override
    public float[] padded(String path) {
        return gradients.values(path);
    }

    @Override
    public float[] statistic(String path) {
        return gradients.statistic(path);
    }

    @Override
    public Slot stateTrace(String owner, int steps) {
        return gradients.stateTrace(owner, steps);
    }

    @Override
    public long randomKey() {
        return gradients.randomKey(randomKeys++);
    }

    @Override
    public String layerName() {
        return binding.layerName();
    }

    @Override
    public int inputs() {
        return binding.inputs();
    }

    @Override
    public Shape inputShape(int input) {
        return binding.inputShape(input);
    }

    @Override
    public Slot input(int input) {
        return binding.input(input);
    }

    @Override
    public @Nullable Slot inputMask(int input) {
        return binding.inputMask(input);
    }

    @Override
    public Shape outputShape(int output) {
        return binding.outputShape(output);
    }

    @Override
    public Slot output(int output) {
        return binding.output(output);
    }

    @Override
    public Slot outputMask(int output) {
        return binding.outputMask(output);
    }

    @Override
    public Slot scratch(int rowSize) {
        return binding.scratch(rowSize);
    }

    @Override
    public Slot scratchFlags(int rowSize) {
        return binding.scratchFlags(rowSize);
    }

    @Override
    public StateSlot state(int rowSize) {
        return binding.state(rowSize);
    }

    @Override
    public FloatTensor weight(String path) {
        return binding.weight(path);
    }

    @Override
    public <T> T shared(String key, Supplier<T> maker) {
        return binding.shared(key, maker);
    }
}
