package dev.rekur.plan;

import dev.rekur.layer.Binding;
import dev.rekur.layer.Slot;
import dev.rekur.layer.StateSlot;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A binding whose first input carries another mask. */
record MaskedBinding(Binding binding, Slot mask) implements Binding {
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
        return input == 0 ? mask : binding.inputMask(input);
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
